#include "providers/issuers/step_ca/issuer.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/issuers/answer.hpp"
#include "providers/issuers/own_roots.hpp"
#include "providers/issuers/step_ca/checkup.hpp"
#include "providers/issuers/step_ca/refusal.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/private_key.hpp"
#include "providers/x509/request_answer.hpp"
#include "schemas/codec/certificate_names.hpp"

namespace trunkform::issuers {
namespace {

using cloud::SecretJson;

constexpr std::uint64_t k_largest_answer = 1U << 20;

/// Where no answer came: an authority signs its own certificate, too.
void name_own_root(Error& error, const std::string& ca_file) {
  if (error.code == ErrorCode::denied) error = with_roots(std::move(error), "TRUNKFORM_STEP_CA_FILE", ca_file);
}

}  // namespace

Result<> StepCa::allowed() {
  TRY(m_ports.host(m_place.url, "step_ca"));
  return m_ports.readable(m_place.key);
}

Result<step_ca::Provisioner> StepCa::provisioner() const {
  step_ca::Provisioner own{m_place.provisioner, m_place.key_id, {}};
  if (!m_place.certificate.empty()) own.certificate_pem = TRY(m_ports.files.read(m_place.certificate, 1U << 20U));
  return own;
}

Result<SecretBuffer> StepCa::key() const { return x509::to_pkcs8(TRY(m_ports.secret(m_place.key))); }

Result<HttpResponse> StepCa::post(const Context& context, const std::string& operation, const step_ca::Claims& claims,
                                  const Body& body, cloud::Repeat repeat, cloud::Change* change) {
  TRY(allowed());
  const auto url = m_place.url + "/1.0/" + operation;
  const auto own = TRY(provisioner());
  auto addressed = claims;
  addressed.audience = url;
  if (!own.certificate_pem.empty()) addressed.audience += "#x5c/" + m_place.provisioner;
  const auto signing_key = TRY(key());
  SecretBuffer sent;
  bool is_sent = false, is_answered = false;
  auto answer = m_caller.call(
      context,
      [&]() -> Result<HttpRequest> {
        sent = body(TRY(step_ca::token_of(signing_key, own, addressed, m_ports.clock.now(), m_ports.random)));
        HttpRequest request;
        request.method = "POST";
        request.url = url;
        request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
        request.secret_body = &sent;
        request.ca_file = m_place.ca_file;
        request.body_limit = k_largest_answer;
        request.secret_answer = true;
        is_sent = true;
        return request;
      },
      [&](const HttpResponse& seen) {
        is_answered = true;
        return step_ca::refusal_of("POST " + url, seen);
      },
      repeat, change);
  if (!answer && is_sent && !is_answered) name_own_root(answer.error(), m_place.ca_file);
  if (!answer && is_answered && answer.error().code == ErrorCode::denied)
    tell_why_denied(context, own, signing_key, answer.error());
  return answer;
}

/// It says of every token that it does not take it, and everybody may ask what provisioners it has.
void StepCa::tell_why_denied(const Context& context, const step_ca::Provisioner& own, const SecretBuffer& key,
                             Error& error) {
  Checkup checkup;
  step_ca::examine([&](const std::string& path) { return get(context, path); }, own, key, m_ports.clock.now(), checkup);
  for (auto& line : checkup.lines) {
    if (line.condition != Condition::bad || !line.error || line.error->code == ErrorCode::unavailable) continue;
    error.hints = line.error->hints;
    error.causes.push_back(std::move(*line.error));
    return;
  }
}

Result<HttpResponse> StepCa::get(const Context& context, const std::string& path) {
  const auto url = m_place.url + path;
  bool is_answered = false;
  auto answer = m_caller.call(
      context,
      [&]() -> Result<HttpRequest> {
        HttpRequest request;
        request.method = "GET";
        request.url = url;
        request.headers = {{"Accept", "application/json"}};
        request.ca_file = m_place.ca_file;
        request.body_limit = k_largest_answer;
        request.secret_answer = true;
        return request;
      },
      [&](const HttpResponse& seen) {
        is_answered = true;
        return step_ca::refusal_of("GET " + url, seen);
      });
  if (!answer && !is_answered) name_own_root(answer.error(), m_place.ca_file);
  return answer;
}

Checkup StepCa::examine(const Context& context) {
  Checkup checkup;
  const auto own = provisioner();
  if (!own) {
    checkup.bad(own.error());
    return checkup;
  }
  if (const auto key = this->key())
    step_ca::examine([&](const std::string& path) { return get(context, path); }, *own, *key, m_ports.clock.now(),
                     checkup);
  else
    checkup.bad(key.error());
  return checkup;
}

Result<OrderStatus> StepCa::submit(const Context& context, const IssueOrder& order) {
  const auto lifetime =
      order.lifetime ? fmt::format("{}s", std::chrono::floor<std::chrono::seconds>(*order.lifetime).count()) : "";
  auto answer = post(
      context, "sign", {{}, common_name_of(order.names).value_or(order.names.front()), order.names},
      [&](const SecretBuffer& token) {
        return cloud::json_of(
            {{"csr", x509::request_pem(order.csr_der)}, {"ott", token.view()}, {"notAfter", lifetime}});
      },
      cloud::Repeat::refused_only);
  if (!answer) {
    if (answer.error().code == ErrorCode::outcome_unknown) {
      answer.error().summary = fmt::format("whether {} signed is not known", m_place.url);
      answer.error().hints.emplace_back(
          "run trunkform apply again: it asks once more with the same key; a certificate that was signed and never "
          "seen is of no use to anybody, and ends by itself");
      if (!names_of_kind(order, NameKind::uri).empty())
        answer.error().hints.emplace_back(
            "where its log says \"error matching uri name\": a policy that allows names cannot match SIP URIs; let the "
            "provisioner do without one, or only deny");
    }
    return std::move(answer.error());
  }
  SecretJson json(answer->secret_body);
  std::string pem;
  for (const auto& block : json.texts({"certChain"})) pem.append(block).append(block.ends_with('\n') ? "" : "\n");
  return accepted(std::move(pem), order, m_place.url);
}

Result<OrderStatus> StepCa::poll(const Context&, const std::string&, const IssueOrder&) {
  return OrderStatus(OrderGone{Error(ErrorCode::not_found, "issuer.step_ca signs at once, and keeps no orders")});
}

Result<> StepCa::revoke(const Context& context, const std::string& leaf_der, RevocationReason reason) {
  const auto leaf = TRY(x509::parse_der(leaf_der));
  const auto serial = step_ca::decimal_of(leaf.facts->serial);
  cloud::Change change;
  auto answer = post(
      context, "revoke", {{}, serial, {}},
      [&](const SecretBuffer& token) {
        // `passive`: it is not renewed any more, and stands in the list of revoked ones where there is a list.
        const auto rest = fmt::format(R"("serial":"{}","reasonCode":{},"reason":"{}","passive":true)", serial,
                                      number_of(reason), to_string(reason));
        return cloud::joined({"{", rest, R"(,"ott":")", token.view(), R"("})"});
      },
      cloud::Repeat::freely, &change);
  if (answer || to_line(answer.error()).find("already revoked") != std::string::npos) return {};
  return change.told(std::move(answer.error()));
}

}  // namespace trunkform::issuers
