#include "providers/stores/places.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/aws/places.hpp"
#include "providers/cloud/azure/place.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::stores {
namespace {

Error no_place(const std::string& type, const std::string& place, std::string why, const std::string& form) {
  return Error(ErrorCode::invalid_input, fmt::format("no store of type {} is at {}", type, cloud::quoted(place)),
               std::move(why))
      .hint("write it as a plan names it: " + form);
}

constexpr const char* k_vault_form = "https://vault.example.com:8200/MOUNT/PATH, or …:8200/namespace:NAME/MOUNT/PATH";
constexpr const char* k_aws_form =
    "arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME, without the six characters of AWS";
constexpr const char* k_azure_form = "https://VAULT.vault.azure.net/secrets/NAME";

/// A segment that is empty or leads elsewhere; one `*` may end a pattern.
bool has_bad_segment(std::string_view path) {
  if (!path.starts_with('/')) return true;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    if (segment.empty() || segment == "." || segment == "..") return true;
    if (segment.find('*') != std::string_view::npos && (segment != "*" || !path.empty())) return true;
  }
  return false;
}

Result<> check_vault_kv(const std::string& type, const std::string& place) {
  const auto url = parse_url(place);
  if (!url) return no_place(type, place, url.error().summary, k_vault_form);
  if (url->scheme == "http" && !is_loopback(url->host))
    return no_place(type, place, "credentials do not go over plain http", k_vault_form);
  if (url->has_query || place.ends_with('/') || has_bad_segment(url->path))
    return no_place(type, place,
                    "what follows the port is no path: a segment is empty, or a * is not the whole last one",
                    k_vault_form);
  const bool has_namespace = url->path.starts_with("/namespace:");
  const auto segments = std::count(url->path.begin(), url->path.end(), '/');
  if (segments < (has_namespace ? 3 : 2))
    return no_place(type, place, "a mount and the path of a secret follow the port", k_vault_form);
  return {};
}

Result<> check_aws(const std::string& type, const std::string& place) {
  const auto arn = cloud::aws::parse_arn(place);
  const auto named = place.rfind(":secret:");
  if (!arn || arn->service != "secretsmanager" || named == std::string::npos ||
      place.size() == named + std::string_view(":secret:").size())
    return no_place(type, place, "it is no ARN of a secret", k_aws_form);
  return {};
}

Result<> check_azure(const std::string& type, const std::string& place) {
  constexpr std::string_view k_secrets = "/secrets/";
  const auto at = place.rfind(k_secrets);
  if (at == std::string::npos) return no_place(type, place, "it names no secret of a key vault", k_azure_form);
  const auto vault = cloud::azure::vault_place(std::string_view(place).substr(0, at));
  if (!vault || vault->address != place.substr(0, at))
    return no_place(type, place, vault ? "the store writes it as " + vault->address : vault.error().detail,
                    k_azure_form);
  const auto name = place.substr(at + k_secrets.size());
  const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
  if (!is_name && name != "*")
    return no_place(type, place, "the name of a secret has letters, digits and hyphens", k_azure_form);
  return {};
}

struct Form {
  std::string_view type;
  Result<> (*check)(const std::string& type, const std::string& place);
};
constexpr Form k_forms[] = {
    {"aws_secretsmanager", check_aws}, {"azure_keyvault_secret", check_azure}, {"vault_kv", check_vault_kv}};

}  // namespace

Result<> check_place(const std::string& type, const std::string& place) {
  for (const auto& form : k_forms)
    if (form.type == type) return form.check(type, place);
  return {};
}

}  // namespace trunkform::stores
