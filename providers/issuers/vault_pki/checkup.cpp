#include "providers/issuers/vault_pki/checkup.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/vault/capabilities.hpp"
#include "providers/issuers/vault_pki/engine.hpp"
#include "providers/issuers/vault_pki/issuers.hpp"
#include "providers/issuers/vault_pki/refusal.hpp"
#include "providers/x509/certificates.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::issuers::vault_pki {
namespace {

namespace vault = cloud::vault;

vault::Need need_of(const Examined& what) {
  const auto from = what.issuer.empty() ? what.mount : fmt::format("{}/issuer/{}", what.mount, what.issuer);
  return {fmt::format("{}/sign/{}", from, what.role), {"update"}};
}

/// Whether there is an engine to ask more of.
bool examine_authority(const Context& context, vault::Client& client, const Examined& what, Checkup& checkup) {
  const auto path =
      what.mount + (what.issuer.empty() ? std::string("/cert/ca") : fmt::format("/issuer/{}/json", what.issuer));
  auto answer = client.read(context, vault::encoded_path(path));
  if (!answer && answer.error().code == ErrorCode::denied) {
    checkup.unknown(fmt::format("who signs there was not told: {} may not be read", path));
    return true;
  }
  if (!answer && has_no_default(answer.error())) {
    // Its role may name one.
    auto there = client.read(context, vault::encoded_path(fmt::format("{}/roles/{}", what.mount, what.role)));
    const auto issuer =
        there ? cloud::SecretJson(there->secret_body).text({"data", "issuer_ref"}).value_or("") : std::string();
    auto has = has_issuer(context, client, what.mount, {issuer, false});
    if (!has) return checkup.bad(std::move(has.error())), true;
    checkup.good(issuer.empty()
                     ? "the engine has issuers, and no default one: the role has to name one"
                     : fmt::format("the engine signs by the issuer that the role names, {}", cloud::quoted(issuer)));
    return true;
  }
  if (!answer && has_no_issuer(answer.error())) {
    checkup.bad(no_such_issuer(what.mount, what.issuer).because(std::move(answer.error())));
    return true;
  }
  if (!answer) {
    // Nobody answers: what else is asked would fail alike, once more each.
    const auto is_answer =
        answer.error().code == ErrorCode::invalid_input || answer.error().code == ErrorCode::protocol;
    checkup.bad(std::move(answer.error()));
    return is_answer;
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
  auto may_read = vault::may(context, client, path, "read");
  if (!may_read) return checkup.bad(std::move(may_read.error()));
  if (!*may_read)
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
  vault::examine_needs(context, client, {need_of(what)}, "have it signed", checkup);
  examine_role(context, client, what, checkup);
  return checkup;
}

Result<std::vector<std::string>> foretell(const Context& context, vault::Client& client, const Examined& what) {
  const auto engine = TRY(answers_as_engine(context, client, what.mount));
  const auto path = fmt::format("{}/roles/{}", vault::encoded_path(what.mount), vault::encoded_segment(what.role));
  auto role = client.read(context, path);
  if (!role && role.error().code != ErrorCode::denied) return std::move(role.error());
  if (role && role->status == 404) return no_such_role(what.mount, what.role, *role);
  auto issuer = what.issuer;
  if (issuer.empty() && role) issuer = cloud::SecretJson(role->secret_body).text({"data", "issuer_ref"}).value_or("");
  TRY(has_issuer(context, client, what.mount, {issuer, engine.has_default}));
  return vault::lacks(context, client, {need_of(what)}, true);
}

}  // namespace trunkform::issuers::vault_pki
