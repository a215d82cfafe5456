#pragma once
// With what a state is encrypted, as the operator says it. Shared by all workspaces of a run; thread-safe.
#include <memory>
#include <vector>

#include "schemas/ports/context.hpp"
#include "schemas/ports/key_wrap.hpp"

namespace trunkform::state {

struct StateKeys {
  std::shared_ptr<KeyWrap> current;
  /// What it was before: they open what is older, and seal nothing.
  std::vector<std::shared_ptr<KeyWrap>> previous{};
  Context context{};
  /// Accepted while a state is being encrypted for the first time, and never else: who can write where the state is
  /// must not be able to put one in the clear in its place.
  /// Kept: accepted, and what is written beside it is in the clear as well, for who reads a state and leaves it as it
  /// is.
  enum class Plain { refused, accepted, kept } plain = Plain::refused;
};

}  // namespace trunkform::state
