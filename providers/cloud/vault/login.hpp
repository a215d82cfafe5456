#pragma once
// Who we are for Vault: a token that is given, or a login that brings one. Values; the secrets are read when they are
// needed.
#include <functional>
#include <optional>
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::cloud::vault {

enum class Method { token, approle, kubernetes, jwt };

struct Login {
  Method method = Method::token;
  std::string mount;  ///< where the method is mounted, without slashes at the ends; not of `token`
  std::string role;   ///< `role` of kubernetes and jwt, `role_id` of approle
  /// The token, the secret id, or the JWT; read anew at each login, for what others rotate.
  std::function<Result<SecretBuffer>()> secret;
};

/// `auth/approle/login`, percent-encoded. Precondition: not Method::token.
std::string login_path(const Login& login);
/// `{"role_id":"…","secret_id":"…"}` or `{"role":"…","jwt":"…"}`, with spaces at the ends of the secret left out.
SecretBuffer login_body(const Login& login, const SecretBuffer& secret);

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
