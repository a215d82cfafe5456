#pragma once
// Who we are for Vault: a token that is given, or a login that brings one. Values; the secrets are read when they are
// needed.
#include <functional>
#include <optional>
#include <string>

#include "providers/cloud/client_certificate.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::cloud::vault {

enum class Method { token, approle, kubernetes, jwt, cert };

struct Login {
  Method method = Method::token;
  std::string mount;  ///< where the method is mounted, without slashes at the ends; not of `token`
  std::string role;   ///< `role` of kubernetes and jwt, `role_id` of approle, `name` of cert: empty, whichever fits
  /// The token, the secret id, the JWT, or the certificate's key; read anew at each login, for what others rotate.
  std::function<Result<SecretBuffer>()> secret;
  std::function<Result<SecretBuffer>()> certificate{};  ///< of cert alone: PEM, read with its key
};

/// `auth/approle/login`, percent-encoded. Precondition: not Method::token.
std::string login_path(const Login& login);
/// `{"role_id":"…","secret_id":"…"}`, `{"role":"…","jwt":"…"}`, with spaces at the ends of the secret left out, or
/// `{"name":"…"}`: a certificate's key stays here. Error: what the secret cannot be read for.
Result<SecretBuffer> login_body(const Login& login);
/// The secret in such a body; empty: it has none. Borrowed from `body`.
std::string_view credential_in(const Login& login, const SecretBuffer& body);

/// What is shown in TLS, at the login and at each renewal: Vault and OpenBao renew for nobody else (their
/// `disable_binding`). None for the other methods. Error: invalid_input, or what its files cannot be read for.
Result<std::optional<OwnCertificate>> certificate_of(const Login& login);

/// What a login, a renewal or a look at one's own token brings.
struct Lease {
  std::optional<Duration> lasts;  ///< none: it does not end
  bool renewable = false;
};

/// `auth` of a login or renewal, with its token. None: the answer is no such thing.
struct Granted {
  SecretBuffer token;
  Lease lease;
};
std::optional<Granted> granted_by(const SecretBuffer& answer);
/// `data` of `auth/token/lookup-self`.
std::optional<Lease> lease_of_lookup(const SecretBuffer& answer);

}  // namespace trunkform::cloud::vault
