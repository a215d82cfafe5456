#include "providers/cloud/azure/checkup.hpp"

#include <fmt/format.h>

#include "providers/cloud/azure/assertion.hpp"
#include "providers/cloud/client_certificate.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/cloud/token_claims.hpp"

namespace trunkform::cloud::azure {
namespace {

std::string claimed(TokenClaims& claims, std::string_view name) {
  const auto text = claims.text(name);
  return text ? quoted(*text, 64) : "unnamed";
}

/// Microsoft's page "Access token claims reference": `appid` of tokens of version 1, `azp` of version 2.
void examine_token(Checkup& checkup, const SignedIn& signed_in, Instant now) {
  constexpr std::string_view k_scheme = "Bearer ";
  TokenClaims claims(signed_in.bearer->view().substr(k_scheme.size()));
  checkup.good(fmt::format("signed in by {}: application {}, object {}, tenant {}", signed_in.by->name,
                           claimed(claims, claims.text("appid") ? "appid" : "azp"), claimed(claims, "oid"),
                           claimed(claims, "tid")));
  const auto end = claims.end();
  if (!end) return checkup.unknown("the token does not say when it ends");
  checkup.good(fmt::format("the token lasts for {}, and is fetched anew before that", to_words(*end - now)));
}

/// What proves who we are, and ends too.
void examine_proof(Checkup& checkup, const Link& link, Instant now) {
  if (std::holds_alternative<ClientSecret>(link.how))
    return checkup.unknown("when the client secret ends only its application knows: az ad app credential list --id ID");
  if (const auto* way = std::get_if<ClientCertificate>(&link.how)) {
    const auto certificate = certificate_of(*way);
    if (!certificate) return checkup.bad(certificate.error());
    return examine_certificate(checkup, **certificate, now);
  }
  const auto* way = std::get_if<WorkloadIdentity>(&link.how);
  const auto token = way == nullptr ? Result<SecretBuffer>(SecretBuffer()) : way->token();
  if (!token) return checkup.bad(token.error());
  if (const auto end = TokenClaims(trimmed(token->view())).end())
    checkup.good(
        fmt::format("the token that proves it lasts for {}, and is read anew for each login", to_words(*end - now)));
}

}  // namespace

Checkup examine(const Context& context, Client& client, const VaultPlace& vault, const std::string& path) {
  Checkup checkup;
  checkup.place = vault.address;
  const auto signed_in = client.sign_in(context, vault);
  if (!signed_in) {
    checkup.bad(signed_in.error());
    return checkup;
  }
  examine_token(checkup, *signed_in, client.now());
  examine_proof(checkup, *signed_in->by, client.now());
  const auto versions = client.versions(context, vault, path);
  if (versions || versions.error().code == ErrorCode::not_found)
    checkup.good(fmt::format("the vault lets us list the versions of {}", cloud::quoted(path)));
  else
    checkup.bad(versions.error());
  return checkup;
}

}  // namespace trunkform::cloud::azure
