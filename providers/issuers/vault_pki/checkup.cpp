#include "providers/issuers/vault_pki/checkup.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/vault/capabilities.hpp"
#include "providers/issuers/vault_pki/refusal.hpp"
#include "providers/x509/certificates.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::issuers::vault_pki {
namespace {

namespace vault = cloud::vault;

void examine_authority(const Context& context, vault::Client& client, const Examined& what, Checkup& checkup) {
  const auto path =
      what.mount + (what.issuer.empty() ? std::string("/cert/ca") : fmt::format("/issuer/{}/json", what.issuer));
  auto answer = client.read(context, vault::encoded_path(path));
  if (!answer && answer.error().code == ErrorCode::denied)
    return checkup.unknown(fmt::format("who signs there was not told: {} may not be read", path));
  if (!answer) return checkup.bad(std::move(answer.error()));
  const auto pem = cloud::SecretJson(answer->secret_body).text({"data", "certificate"}).value_or("");
  const auto own = x509::parse_certificates(pem);
  if (!own)
    return checkup.bad(Error(ErrorCode::invalid_input, "no PKI engine that has an issuer answers at this mount",
                             fmt::format("{} has no certificate", path))
                           .hint("check `mount` and `issuer_ref`: vault secrets list, vault list MOUNT/issuers"));
  const auto& facts = *own->front().facts;
  if (facts.not_after <= client.now())
    return checkup.bad(Error(ErrorCode::rejected, "the certificate of the engine's issuer has ended",
                             fmt::format("{} ended {}", cloud::quoted(facts.subject), to_rfc3339(facts.not_after)))
                           .hint("give the engine a new issuer: vault pki reissue, or vault write MOUNT/root/rotate"));
  checkup.good(
      fmt::format("the engine signs as {}, until {}", cloud::quoted(facts.subject), to_rfc3339(facts.not_after)));
}

/// A policy may be about a role that is not there.
void examine_role(const Context& context, vault::Client& client, const Examined& what, Checkup& checkup) {
  const auto path = fmt::format("{}/roles/{}", what.mount, what.role);
  if (!vault::may(context, client, path, "read"))
    return checkup.unknown(
        fmt::format("what the role signs was not asked: the token may not read {}, and need not; the "
                    "first request tells",
                    path));
  auto answer = client.read(context, vault::encoded_path(path));
  if (!answer) return checkup.bad(std::move(answer.error()));
  if (answer->status == 404)
    return checkup.bad(Error(ErrorCode::not_found, fmt::format("there is no role at {}", path))
                           .hint(hint_for_role(what.mount, what.role)));
  checkup.good(fmt::format("the role is there: {}", path));
}

}  // namespace

Checkup examine(const Context& context, vault::Client& client, const Examined& what) {
  Checkup checkup;
  examine_authority(context, client, what, checkup);
  const auto from = what.issuer.empty() ? what.mount : fmt::format("{}/issuer/{}", what.mount, what.issuer);
  vault::examine_needs(context, client, {{fmt::format("{}/sign/{}", from, what.role), {"update"}}}, "have it signed",
                       checkup);
  examine_role(context, client, what, checkup);
  return checkup;
}

}  // namespace trunkform::issuers::vault_pki
