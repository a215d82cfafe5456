#include "providers/cloud/token_claims.hpp"

#include "providers/cloud/secret_base64.hpp"

namespace trunkform::cloud {
namespace {

/// The middle one of three parts (RFC 7515 §7.1).
SecretBuffer claims_in(std::string_view token) {
  const auto begin = token.find('.');
  const auto end = begin == std::string_view::npos ? begin : token.find('.', begin + 1);
  std::optional<SecretBuffer> claims;
  if (end != std::string_view::npos) claims = secret_from_base64url(token.substr(begin + 1, end - begin - 1));
  return claims ? std::move(*claims) : SecretBuffer::copy_of("{}");
}

}  // namespace

TokenClaims::TokenClaims(std::string_view token) : m_json(claims_in(token)) {}

}  // namespace trunkform::cloud
