#pragma once
// The first part of an apply: what a plan issues is issued, and the bindings that wait for it learn what they bind.
#include <string>
#include <vector>

#include "cmd/engine/issuing_run.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/ports/state_store.hpp"

namespace trunkform::engine {

struct IssuingSummary {
  std::size_t issued = 0;
  std::size_t there_already = 0;  ///< somebody was first
  std::size_t pending = 0;        ///< ordered, not signed yet
  std::size_t failed = 0;
  std::vector<Error> errors;
  std::vector<Error> warnings;
};

/// Requests to one issuer go one after another, issuers side by side; one that has kept a request waiting for as long
/// as a run waits is asked for the others, and not waited for. What a binding of `plan` waits for is filled in; where
/// it was not issued, its gate says so. `state`: as the plan was made from.
IssuingSummary issue_all(const Context& context, const IssuingHands& hands, Plan& plan,
                         const std::optional<Snapshot>& state);

}  // namespace trunkform::engine
