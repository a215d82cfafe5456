#pragma once
// What a signed token (RFC 7519) says of itself, to be shown to people. Its signature is not looked at: that is for who
// takes it. One owner; not thread-safe.
#include <optional>
#include <string>
#include <string_view>

#include "providers/cloud/secret_json.hpp"

namespace trunkform::cloud {

class TokenClaims {
 public:
  /// Without `Bearer `. What is no such token says nothing.
  explicit TokenClaims(std::string_view token);

  std::optional<std::string> text(std::string_view name) { return m_json.text({name}); }
  /// `exp`.
  std::optional<Instant> end() { return m_json.time({"exp"}); }

 private:
  SecretJson m_json;
};

}  // namespace trunkform::cloud
