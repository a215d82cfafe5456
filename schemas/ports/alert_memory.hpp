#pragma once
// Who was told of which problem, kept beside a state between its runs: so that nobody is told the same every hour, and
// everybody who was told of a problem is told of its end. Losing it costs a repeated alert. Thread-safe.
#include <string>
#include <vector>

#include "schemas/model/alert.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

class AlertMemory {
 public:
  virtual ~AlertMemory() = default;
  virtual Result<std::vector<OpenAlert>> open(const Context& context) = 0;
  /// Adds it, or replaces the one of the same target and key. Durable on return.
  virtual Result<> remember(const Context& context, const OpenAlert& alert) = 0;
  /// Takes it out; there need not be one.
  virtual Result<> forget(const Context& context, const std::string& target, const std::string& dedup_key) = 0;
};

}  // namespace trunkform
