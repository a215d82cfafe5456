#include "cmd/trunkform/kept_states.hpp"

#include <fmt/format.h>

namespace trunkform::cli {

Result<StateVersions*> kept_states(Frame& frame) {
  auto* backend = TRY(frame.session.backend());
  if (backend->versions != nullptr) return backend->versions.get();
  const bool is_local = backend->place.empty();
  auto error = Error(ErrorCode::unsupported,
                     is_local ? "the local backend keeps no earlier states but for one backup"
                              : "this backend keeps no earlier states",
                     backend->place);
  if (is_local) error.hints.emplace_back("the state before the last write is the file that ends in .backup");
  return std::move(error)
      .hint("what was done to each trunk is in the event log: trunkform history")
      .hint("a state that was saved elsewhere is put back with: trunkform state push -force FILE");
}

}  // namespace trunkform::cli
