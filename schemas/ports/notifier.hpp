#pragma once
// A place that alerts are sent to. One try a call: repeating is the caller's. Thread-safe.
#include "schemas/model/alert.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

class Notifier {
 public:
  virtual ~Notifier() = default;
  /// Returns once the other side has taken it. Errors worth another try: unavailable, timeout, throttled (with
  /// `retry_after`); not: rejected, denied, untrusted, invalid_input. No error holds a secret, nor a URL's path.
  virtual Result<> send(const Context& context, const Alert& alert) = 0;
};

}  // namespace trunkform
