#include "providers/cloud/vault/login.hpp"

#include <cstring>

#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/vault/client.hpp"

namespace trunkform::cloud::vault {
namespace {

/// Files of secrets end with a line feed as often as not.
std::string_view without_ends(std::string_view text) {
  constexpr std::string_view k_space = " \t\r\n";
  const auto first = text.find_first_not_of(k_space);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(k_space) - first + 1);
}

SecretBuffer joined(std::initializer_list<std::string_view> parts, std::string_view secret) {
  // parts: before the name, before the secret, after it; only the secret is escaped here.
  std::size_t size = escaped_size(secret);
  for (const auto part : parts) size += part.size();
  SecretBuffer body(size);
  char* end = body.data();
  const auto* part = parts.begin();
  const auto put = [&](std::string_view text) {
    std::memcpy(end, text.data(), text.size());
    end += text.size();
  };
  for (; part + 1 != parts.end(); ++part) put(*part);
  end = write_escaped(secret, end);
  put(*part);
  return body;
}

std::string escaped(std::string_view text) {
  std::string result(escaped_size(text), '\0');
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
  const auto text = without_ends(secret.view());
  if (login.method == Method::approle) return joined({R"({"role_id":")", role, R"(","secret_id":")", R"("})"}, text);
  return joined({R"({"role":")", role, R"(","jwt":")", R"("})"}, text);
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
