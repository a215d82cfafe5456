#include "providers/cloud/vault/login.hpp"

#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/cloud/vault/client.hpp"

namespace trunkform::cloud::vault {
namespace {

SecretBuffer escaped(std::string_view text) {
  SecretBuffer result(escaped_size(text));
  write_escaped(text, result.data());
  return result;
}

std::optional<Lease> lease_at(SecretJson& json, SecretJson::Path seconds, SecretJson::Path renewable) {
  const auto lasts = json.number(seconds);
  if (!lasts || *lasts < 0) return std::nullopt;
  Lease lease;
  if (*lasts > 0) lease.lasts = std::chrono::seconds(*lasts);
  lease.renewable = json.flag(renewable).value_or(false);
  return lease;
}

}  // namespace

std::string login_path(const Login& login) { return "auth/" + encoded_path(login.mount) + "/login"; }

SecretBuffer login_body(const Login& login, const SecretBuffer& secret) {
  const auto role = escaped(login.role);
  const auto text = escaped(trimmed(secret.view()));
  if (login.method == Method::approle)
    return joined({R"({"role_id":")", role.view(), R"(","secret_id":")", text.view(), R"("})"});
  return joined({R"({"role":")", role.view(), R"(","jwt":")", text.view(), R"("})"});
}

std::optional<Granted> granted_by(const SecretBuffer& answer) {
  SecretJson json(answer);
  auto token = json.secret({"auth", "client_token"});
  auto lease = lease_at(json, {"auth", "lease_duration"}, {"auth", "renewable"});
  if (!token || token->empty() || !lease) return std::nullopt;
  return Granted{std::move(*token), *lease};
}

std::optional<Lease> lease_of_lookup(const SecretBuffer& answer) {
  SecretJson json(answer);
  return lease_at(json, {"data", "ttl"}, {"data", "renewable"});
}

}  // namespace trunkform::cloud::vault
