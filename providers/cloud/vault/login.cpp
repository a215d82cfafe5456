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

Result<SecretBuffer> login_body(const Login& login) {
  const auto role = escaped(login.role);
  if (login.method == Method::cert)
    return login.role.empty() ? SecretBuffer::copy_of("{}") : joined({R"({"name":")", role.view(), R"("})"});
  const auto secret = TRY(login.secret());
  const auto text = escaped(trimmed(secret.view()));
  if (login.method == Method::approle)
    return joined({R"({"role_id":")", role.view(), R"(","secret_id":")", text.view(), R"("})"});
  return joined({R"({"role":")", role.view(), R"(","jwt":")", text.view(), R"("})"});
}

/// It stands last, and no quotation mark in it is without its backslash.
std::string_view credential_in(const Login& login, const SecretBuffer& body) {
  if (login.method == Method::cert) return {};
  constexpr std::string_view k_before = R"(":")";
  constexpr std::string_view k_behind = R"("})";
  const auto text = body.view();
  const auto at = text.rfind(k_before);
  if (at == std::string_view::npos || !text.ends_with(k_behind)) return {};
  const auto begin = at + k_before.size();
  return text.substr(begin, text.size() - k_behind.size() - begin);
}

Result<std::optional<OwnCertificate>> certificate_of(const Login& login) {
  if (login.method != Method::cert) return std::nullopt;
  const auto certificate = TRY(login.certificate());
  auto own = own_certificate(certificate, TRY(login.secret()));
  if (!own) {
    own.error().summary = "the client certificate for Vault cannot be used: " + own.error().summary;
    return std::move(own.error());
  }
  return std::optional(std::move(*own));
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
