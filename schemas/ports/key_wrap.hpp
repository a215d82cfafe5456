#pragma once
// The operator's key of a state: it encrypts the keys that the state is encrypted with, and nothing else. What it gives
// is kept beside the state in the clear, and says by itself which way it was made. Thread-safe.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

class KeyWrap {
 public:
  virtual ~KeyWrap() = default;
  /// For messages: `the secret env:STATE_KEY`, `the key sip of Vault's transit/`. Never a secret.
  virtual std::string describe() const = 0;
  /// Whether `wrapped` was made by this way at all, told by how it begins.
  virtual bool may_open(std::string_view wrapped) const = 0;
  /// `id` goes with the key and is vouched for. Printable, without spaces, quotes and backslashes. Errors: denied,
  /// unavailable, …
  virtual Result<std::string> wrap(const Context& context, const SecretBuffer& key, const std::string& id) = 0;
  /// Errors: denied (it was wrapped by another key, or changed), unavailable, …
  virtual Result<SecretBuffer> unwrap(const Context& context, std::string_view wrapped, const std::string& id) = 0;
};

}  // namespace trunkform
