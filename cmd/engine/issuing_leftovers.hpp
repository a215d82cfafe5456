#pragma once
// What issuing leaves behind: requests that were begun and that nobody asks for any more, and all that is known of a
// block that is gone. What a store has stays there.
#include <optional>
#include <string>
#include <vector>

#include "cmd/engine/issuing_run.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::engine {

struct Leftover {
  enum class Kind { request, block };
  const IssueRecord* record = nullptr;
  Kind kind = Kind::request;
  std::string why = "the block asks for something else now";  ///< of a request, for the history
};
/// Its staged key is removed, and then the state forgets it: under a lock that is lost, neither, and a run that dies in
/// between leaves it to the next. A key that cannot be removed keeps nobody: it is told.
Result<std::optional<Error>> clear_away(const Context& context, const IssuingHands& hands, const Leftover& leftover);

/// The same for a plan to show.
PlannedLeftover shown(const Leftover& leftover);

/// What an apply clears away, by the state: requests that nothing of `issues` goes on with, and blocks that are not
/// among `configured` any more.
std::vector<Leftover> leftovers_of(const std::optional<Snapshot>& state, const std::vector<PlannedIssue>& issues,
                                   const std::vector<IssueRequest>& configured);

}  // namespace trunkform::engine
