#pragma once
// One workspace's state, taken from one backend to another: `init -migrate-state`. Nothing is deleted.
#include <string>

#include "schemas/model/run.hpp"
#include "schemas/ports/clock.hpp"
#include "state/backends/backend.hpp"

namespace trunkform::state {

struct CopiedState {
  enum class How { nothing_there, copied, was_copied };
  How how = How::nothing_there;
  std::uint64_t serial = 0;  ///< where it is now
  std::size_t resources = 0;
  std::size_t events = 0;  ///< copied by this call
};

/// Who copies, for the event that says so.
struct Copying {
  Clock& clock;
  std::string run;
  Actor actor;
};

/// Claims the trunks in `to`, gives it every event of `from`, chained anew, and then the document; both are locked by
/// the caller, `to` by `fence`. What is there afterwards is read back and compared. Called again after it was killed it
/// goes on where it was. Errors: conflict (`to` has another state, or this one with work that `from` does not know; a
/// trunk is another's), fenced, the ports'.
Result<CopiedState> copy_state(const Context& context, Backend& from, Backend& to, const Fence& fence,
                               const Copying& copying);

}  // namespace trunkform::state
