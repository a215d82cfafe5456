#pragma once
// The signed bodies of ACME requests: JSON Web Signatures in the flattened JSON form (RFC 7515 §7.2.2), as RFC 8555
// §6.2 wants them. Pure.
#include <string>
#include <string_view>

#include "providers/x509/jws.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::issuers::acme {

/// RFC 4648 §5 without padding, of what is public.
std::string base64url(std::string_view bytes);

/// RFC 7638 §3: of a key's required members.
std::string thumbprint(const std::string& jwk);

/// What stands in the protected header. Empty members are left out; with no `kid` the key itself stands there.
struct Header {
  std::string url;
  std::string nonce;
  std::string kid;
};

/// An account's key with what is public of it.
struct AccountKey {
  SecretBuffer pem;
  x509::JwsKey facts;
};

/// Errors: those of `x509::jws_key_of`.
Result<AccountKey> account_key_of(SecretBuffer pem);

Result<std::string> signed_body(const AccountKey& key, const Header& header, std::string_view payload);

/// RFC 8555 §7.3.4: an account's key, bound by the code of an account that exists elsewhere. `code`: the decoded key.
std::string binding_body(const SecretBuffer& code, const std::string& key_id, const std::string& url,
                         const std::string& jwk);

}  // namespace trunkform::issuers::acme
