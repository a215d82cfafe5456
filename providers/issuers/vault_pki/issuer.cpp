#include "providers/issuers/vault_pki/issuer.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/issuers/answer.hpp"
#include "providers/issuers/vault_pki/checkup.hpp"
#include "providers/issuers/vault_pki/engine.hpp"
#include "providers/issuers/vault_pki/issuers.hpp"
#include "providers/issuers/vault_pki/kept.hpp"
#include "providers/issuers/vault_pki/refusal.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/request_answer.hpp"
#include "schemas/codec/certificate_names.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::issuers {
namespace {

namespace vault = cloud::vault;
using cloud::Repeat;
using cloud::SecretJson;

SecretBuffer body_of(const IssueOrder& order) {
  const auto ttl =
      order.lifetime ? fmt::format("{}s", std::chrono::floor<std::chrono::seconds>(*order.lifetime).count()) : "";
  return cloud::json_of({{"csr", x509::request_pem(order.csr_der)},
                         {"common_name", common_name_of(order.names).value_or("")},
                         {"alt_names", names_of_kind(order, NameKind::dns)},
                         {"ip_sans", names_of_kind(order, NameKind::ip)},
                         {"uri_sans", names_of_kind(order, NameKind::uri)},
                         {"ttl", ttl},
                         {"format", "pem"}});
}

/// Leaf, and the chain where there is one: an engine whose issuer is a root says it once, as `issuing_ca`.
std::string certificates_in(const HttpResponse& answer) {
  SecretJson json(answer.secret_body);
  auto pem = json.text({"data", "certificate"}).value_or("") + "\n";
  auto chain = json.texts({"data", "ca_chain"});
  if (chain.empty()) chain.push_back(json.text({"data", "issuing_ca"}).value_or(""));
  for (const auto& block : chain) pem.append(block).append("\n");
  return pem;
}

/// As the engine writes serial numbers: octets by colons, without the zero that keeps a number positive.
std::string with_colons(std::string serial) {
  while (serial.size() > 2 && serial.starts_with("00")) serial.erase(0, 2);
  std::string result;
  for (std::size_t i = 0; i < serial.size(); i += 2) result.append(i == 0 ? "" : ":").append(serial, i, 2);
  return result;
}

}  // namespace

std::string VaultPki::path_of(const std::string& operation) const {
  return vault::encoded_path(m_place.mount) + "/" + operation;
}

std::string VaultPki::sign_path() const {
  const auto role = vault::encoded_segment(m_place.role);
  if (m_place.issuer_ref.empty()) return path_of("sign/" + role);
  return path_of("issuer/" + vault::encoded_segment(m_place.issuer_ref) + "/sign/" + role);
}

std::string VaultPki::place() const {
  const auto client = m_vault();
  return (client ? (*client)->address() + "/v1/" : "vault: ") + sign_path();
}

Result<> VaultPki::allowed() {
  TRY(m_vault());
  return {};
}

/// What was begun may be signed already, whatever became of the role.
Result<std::vector<std::string>> VaultPki::foretell(const Context& context, const OrderToCome& order) {
  const std::scoped_lock guard(m_mutex);
  if (!m_foretold) m_foretold = look(context);
  if (order.begun && !*m_foretold) return std::vector<std::string>();
  // What is asked of the role once is another thing for each certificate.
  if (!*m_foretold) return vault_pki::for_names(m_foretold->error(), order.names);
  return *m_foretold;
}

/// A plan is not kept waiting by an engine that is down: the apply tells.
Result<std::vector<std::string>> VaultPki::look(const Context& context) {
  auto* client = TRY(m_vault());
  const auto unasked = [&](const std::string& why) {
    return std::vector{
        fmt::format("whether the role {} would sign was not told: {}", cloud::quoted(m_place.role), why)};
  };
  const auto brief = client->briefly(context);
  if (!brief) return unasked("Vault did not answer in time");
  auto lacks = vault_pki::foretell(*brief, *client, {m_place.mount, m_place.role, m_place.issuer_ref});
  if (lacks || lacks.error().code == ErrorCode::invalid_input || lacks.error().code == ErrorCode::cancelled)
    return lacks;
  const auto code = lacks.error().code;
  if (code != ErrorCode::timeout && code != ErrorCode::unavailable && code != ErrorCode::throttled)
    return unasked(to_line(lacks.error()));
  client->was_silent();
  return unasked("Vault did not answer in time");
}

Checkup VaultPki::examine(const Context& context) {
  auto client = m_vault();
  if (client) return vault_pki::examine(context, **client, {m_place.mount, m_place.role, m_place.issuer_ref});
  Checkup checkup;
  checkup.bad(std::move(client.error()));
  return checkup;
}

Result<> VaultPki::is_engine(const Context& context, vault::Client& client) {
  if (m_is_engine) return {};
  TRY(vault_pki::answers_as_engine(context, client, m_place.mount));
  m_is_engine = true;
  return {};
}

Result<OrderStatus> VaultPki::submit(const Context& context, const IssueOrder& order) {
  auto* client = TRY(m_vault());
  TRY(is_engine(context, *client));
  const auto body = body_of(order);
  auto answer = client->write(context, sign_path(), body);
  if (!answer && vault_pki::has_no_default(answer.error()))
    if (auto has = vault_pki::has_issuer(context, *client, m_place.mount, {"default", false}); !has)
      return std::move(has.error()).because(std::move(answer.error()));
  if (!answer && vault_pki::has_no_issuer(answer.error()))
    return vault_pki::no_such_issuer(m_place.mount, m_place.issuer_ref).because(std::move(answer.error()));
  if (!answer && answer.error().code == ErrorCode::outcome_unknown) {
    if (auto found = find(context, order); found && *found) return std::move(**found);
    answer.error().summary = fmt::format("whether the role {} signed is not known", cloud::quoted(m_place.role));
    answer.error().hints.emplace_back(
        "run trunkform apply again: it keeps the key, looks for the certificate, and asks once more where there is "
        "none");
  }
  if (!answer) return vault_pki::with_policy(std::move(answer.error()), sign_path());
  if (answer->status >= 400)
    return vault_pki::for_names(vault_pki::refused({m_place.mount, m_place.role, sign_path()}, *answer), order.names);
  return accepted(certificates_in(*answer), order, fmt::format("the role {}", cloud::quoted(m_place.role)));
}

Result<OrderStatus> VaultPki::poll(const Context&, const std::string&, const IssueOrder&) {
  return OrderStatus(OrderGone{Error(ErrorCode::not_found, "issuer.vault_pki signs at once, and keeps no orders")});
}

Result<std::optional<OrderStatus>> VaultPki::find(const Context& context, const IssueOrder& order) {
  std::optional<OrderStatus> status;
  auto* client = TRY(m_vault());
  if (auto pem = vault_pki::find_kept(context, *client, vault::encoded_path(m_place.mount), order))
    status = OrderIssued{std::move(*pem)};
  return status;
}

Result<> VaultPki::revoke(const Context& context, const std::string& leaf_der, RevocationReason) {
  const auto leaf = TRY(x509::parse_der(leaf_der));
  auto* client = TRY(m_vault());
  TRY(is_engine(context, *client));
  const auto path = path_of("revoke");
  const auto serial = with_colons(leaf.facts->serial);
  cloud::Change change;
  auto answer = client->write(context, path, cloud::json_of({{"serial_number", serial}}), Repeat::freely, &change);
  // What the engine did not keep (`no_store`) it knows by its own signature.
  if (answer && answer->status >= 400 && vault::words_of(*answer).find("not found") != std::string::npos)
    answer =
        client->write(context, path, cloud::json_of({{"certificate", x509::to_pem(leaf)}}), Repeat::freely, &change);
  if (answer && answer->status < 400) return {};
  // The engine says 500 of a certificate that none of its issuers signed.
  const bool is_foreign = !answer && to_line(answer.error()).find("unable to verify signature") != std::string::npos;
  if (!answer && !is_foreign) return change.told(vault_pki::with_policy(std::move(answer.error()), path));
  Error error(ErrorCode::rejected, fmt::format("Vault did not revoke the certificate {}", serial));
  error.hints = {"check that `mount` is the engine that signed it: vault list " + shell_word(m_place.mount + "/certs")};
  if (answer)
    error.detail = fmt::format("POST /v1/{} answered {}: {}", path, answer->status, vault::words_of(*answer));
  else
    error.causes.push_back(std::move(answer.error()));
  return is_foreign ? error : change.told(std::move(error));
}

}  // namespace trunkform::issuers
