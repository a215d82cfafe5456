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

/// Whether there is an engine to ask more of.
bool examine_authority(const Context& context, vault::Client& client, const Examined& what, Checkup& checkup) {
  const auto path =
      what.mount + (what.issuer.empty() ? std::string("/cert/ca") : fmt::format("/issuer/{}/json", what.issuer));
  auto answer = client.read(context, vault::encoded_path(path));
  if (!answer && answer.error().code == ErrorCode::denied) {
    checkup.unknown(fmt::format("who signs there was not told: {} may not be read", path));
    return true;
  }
  if (!answer && has_no_issuer(answer.error())) {
    checkup.bad(no_such_issuer(what.mount, what.issuer, std::move(answer.error())));
    return true;
  }
  if (!answer) {
    checkup.bad(std::move(answer.error()));
    return true;
  }
  const auto pem = cloud::SecretJson(answer->secret_body).text({"data", "certificate"}).value_or("");
  const auto own = x509::parse_certificates(pem);
  if (!own) {
    const auto words = vault::words_of(*answer);
    checkup.bad(
        Error(ErrorCode::invalid_input,
              fmt::format("no PKI engine that has an issuer answers at the mount {}", cloud::quoted(what.mount)),
              fmt::format("GET /v1/{} answered {}{}, and no certificate", path, answer->status,
                          words.empty() ? std::string() : ": " + words))
            .hint("check `mount`, and `namespace` of provider.vault: vault secrets list")
            .hint(fmt::format("where the mount is right, give it an issuer: vault list {}",
                              shell_word(what.mount + "/issuers"))));
    return false;
  }
  const auto& facts = *own->front().facts;
  if (facts.not_after <= client.now()) {
    checkup.bad(Error(ErrorCode::rejected, "the certificate of the engine's issuer has ended",
                      fmt::format("{} ended {}", cloud::quoted(facts.subject), to_rfc3339(facts.not_after)))
                    .hint("give the engine a new issuer: vault pki reissue, or vault write MOUNT/root/rotate"));
    return true;
  }
  checkup.good(
      fmt::format("the engine signs as {}, until {}", cloud::quoted(facts.subject), to_rfc3339(facts.not_after)));
  return true;
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
  if (answer->status == 404) return checkup.bad(no_such_role(what.mount, what.role, *answer));
  checkup.good(fmt::format("the role is there: {}", path));
}

}  // namespace

Checkup examine(const Context& context, vault::Client& client, const Examined& what) {
  Checkup checkup;
  if (!examine_authority(context, client, what, checkup)) return checkup;
  const auto from = what.issuer.empty() ? what.mount : fmt::format("{}/issuer/{}", what.mount, what.issuer);
  vault::examine_needs(context, client, {{fmt::format("{}/sign/{}", from, what.role), {"update"}}}, "have it signed",
                       checkup);
  examine_role(context, client, what, checkup);
  return checkup;
}

Result<> knows_these_names(const Context& context, vault::Client& client, const Examined& what) {
  if (!what.issuer.empty()) {
    const auto path =
        fmt::format("{}/issuer/{}/json", vault::encoded_path(what.mount), vault::encoded_segment(what.issuer));
    auto answer = client.read(context, path);
    if (!answer && has_no_issuer(answer.error()))
      return no_such_issuer(what.mount, what.issuer, std::move(answer.error()));
  }
  const auto path = fmt::format("{}/roles/{}", vault::encoded_path(what.mount), vault::encoded_segment(what.role));
  const auto answer = client.read(context, path);
  if (answer && answer->status == 404) return no_such_role(what.mount, what.role, *answer);
  return {};
}

}  // namespace trunkform::issuers::vault_pki
