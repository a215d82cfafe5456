#include "providers/issuers/vault_pki/refusal.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/vault/client.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::issuers::vault_pki {
namespace {

/// What a role is made with where nobody says for which names.
constexpr std::string_view k_any_names = "allowed_domains=example.com";

bool says(const std::string& words, std::string_view text) { return words.find(text) != std::string::npos; }

Error with_role_hints(Error error, const std::string& mount, const std::string& role) {
  error.hints = {"check `role`: vault list " + shell_word(mount + "/roles"),
                 fmt::format("or make it: vault write {} {} allow_bare_domains=true key_type=any",
                             shell_word(fmt::format("{}/roles/{}", mount, role)), k_any_names)};
  return error;
}

/// What a role needs to sign these names.
std::string role_arguments(const std::vector<std::string>& names) {
  std::string domains;
  bool has_wildcard = false, has_uri = false;
  for (const auto& name : names) {
    const auto kind = kind_of_name(name);
    has_uri = has_uri || kind == NameKind::uri;
    if (kind != NameKind::dns) continue;
    has_wildcard = has_wildcard || name.starts_with("*.");
    domains += (domains.empty() ? "" : ",") + (name.starts_with("*.") ? name.substr(2) : name);
  }
  auto words = domains.empty() ? std::string("require_cn=false") : "allowed_domains=" + shell_word(domains);
  if (has_wildcard) words += " allow_subdomains=true";
  if (has_uri) words += " 'allowed_uri_sans=sip:*'";
  return words;
}

}  // namespace

Error for_names(Error error, const std::vector<std::string>& names) {
  for (auto& hint : error.hints)
    if (const auto at = hint.find(k_any_names); at != std::string::npos)
      hint.replace(at, k_any_names.size(), role_arguments(names));
  return error;
}

Error refused(const Asked& asked, const HttpResponse& answer) {
  const auto words = cloud::vault::words_of(answer);
  const auto role = cloud::quoted(asked.role);
  const auto at = shell_word(fmt::format("{}/roles/{}", asked.mount, asked.role));
  const auto detail =
      fmt::format("POST /v1/{} answered {}{}", asked.path, answer.status, words.empty() ? std::string() : ": " + words);
  const auto wrong = [&](std::string summary, std::string hint) {
    return Error(ErrorCode::invalid_input, std::move(summary), detail).hint(std::move(hint));
  };
  if (answer.status == 404 && !says(words, "no handler for route"))
    return wrong(fmt::format("the engine at {} takes no role or issuer of such a name", cloud::quoted(asked.mount)),
                 "names have letters, digits, `-`, `_` and `.`: check `role`: vault list " +
                     shell_word(asked.mount + "/roles"))
        .hint("and `issuer_ref`: vault list " + shell_word(asked.mount + "/issuers"));
  if (answer.status == 404)
    return wrong(fmt::format("no PKI engine is mounted at {}", cloud::quoted(asked.mount)),
                 "check `mount` of the issuer, and `namespace` of provider.vault: vault secrets list");
  if (says(words, "unknown role"))
    return with_role_hints(wrong(fmt::format("there is no role {}", role), {}), asked.mount, asked.role);
  if (says(words, "not allowed by this role") || says(words, "not allowed in this role") ||
      says(words, "not valid for this role"))
    return wrong(fmt::format("the role {} does not sign these names", role),
                 fmt::format("let it, by allowed_domains, allow_bare_domains, allow_subdomains, allow_ip_sans and "
                             "allowed_uri_sans (sip:*): vault read {}",
                             at));
  if (says(words, "common_name field is required"))
    return wrong(fmt::format("the role {} signs no certificate without a DNS name", role),
                 fmt::format("add a DNS name to `names`, or let the role: vault write {} require_cn=false", at));
  if (says(words, "role requires"))
    return wrong(fmt::format("the role {} does not sign keys of this type", role),
                 fmt::format("set `key` to what it signs, or change its key_type and key_bits: vault read {}", at));
  return Error(ErrorCode::rejected, fmt::format("the role {} did not sign", role), detail)
      .hint(fmt::format("see what it allows: vault read {}", at));
}

bool has_no_issuer(const Error& error) {
  return says(to_line(error), "could not fetch the CA certificate") ||
         says(to_line(error), "unable to find PKI issuer");
}

bool has_no_default(const Error& error) { return says(to_line(error), "no default issuer currently configured"); }

Error without_issuers(const std::string& mount) {
  const auto at = [&](const char* operation) { return shell_word(fmt::format("{}/{}", mount, operation)); };
  return Error(ErrorCode::invalid_input,
               fmt::format("the engine at {} has no issuer: nobody is there to sign", cloud::quoted(mount)),
               "it was enabled, and nobody gave it an authority yet")
      .hint(fmt::format("give it an intermediate, signed by your root: vault write {} common_name=\"SIP Issuing CA\", "
                        "then vault write {} certificate=@signed.pem",
                        at("intermediate/generate/internal"), at("intermediate/set-signed")))
      .hint(fmt::format("or, in a laboratory, a root of its own: vault write {} common_name=\"SIP Root\" ttl=87600h",
                        at("root/generate/internal")));
}

Error without_default(const std::string& mount) {
  return Error(ErrorCode::invalid_input,
               fmt::format("the engine at {} has no default issuer, and none is named", cloud::quoted(mount)))
      .hint(fmt::format("name one by `issuer_ref`, here or at the role: vault list {}", shell_word(mount + "/issuers")))
      .hint(fmt::format("or make one the default: vault write {} default=NAME", shell_word(mount + "/config/issuers")));
}

Error no_such_issuer(const std::string& mount, const std::string& issuer) {
  return Error(ErrorCode::invalid_input,
               issuer.empty()
                   ? fmt::format("the engine at {} has no such issuer", cloud::quoted(mount))
                   : fmt::format("the engine at {} has no issuer {}", cloud::quoted(mount), cloud::quoted(issuer)))
      .hint(fmt::format("check `issuer_ref`, and the role's: vault list {}", shell_word(mount + "/issuers")));
}

Error no_such_role(const std::string& mount, const std::string& role, const HttpResponse& answer) {
  const auto words = cloud::vault::words_of(answer);
  return with_role_hints(
      Error(ErrorCode::invalid_input,
            fmt::format("the engine at {} has no role {}", cloud::quoted(mount), cloud::quoted(role)),
            fmt::format("GET /v1/{}/roles/{} answered {}{}", mount, role, answer.status,
                        words.empty() ? std::string() : ": " + words)),
      mount, role);
}

Error with_policy(Error error, const std::string& path) {
  if (error.code == ErrorCode::denied)
    error.hints = {"the token is not valid any more, or its policy lacks: " +
                   cloud::vault::policy_line(path, {"update"})};
  return error;
}

}  // namespace trunkform::issuers::vault_pki
