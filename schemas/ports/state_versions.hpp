#pragma once
// Earlier states that a backend keeps beside the one in use. Thread-safe.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/state.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

/// One that can be asked for. What was written several times under one serial is there once, as it was last.
struct StateVersion {
  std::string id;  ///< of the backend; opaque
  Instant written{};
  /// As it was written, without later events. Error: why it cannot be read (corrupt, denied, unsupported).
  Result<StateDocument> document;
};

class StateVersions {
 public:
  virtual ~StateVersions() = default;
  /// The newest first, at most `most`, with the one in use. Errors: denied, unavailable.
  virtual Result<std::vector<StateVersion>> list(const Context& context, std::size_t most) = 0;
  /// Error: not_found, where there is none of this id (any more).
  virtual Result<StateDocument> read(const Context& context, const std::string& id) = 0;
};

}  // namespace trunkform
