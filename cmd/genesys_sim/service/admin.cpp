// `/_sim/…`: what a test may look at and turn. Never a key.
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cmd/genesys_sim/service/service.hpp"

namespace trunkform::sim {
namespace admin_detail {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Json trunk_json(const Trunk& trunk) {
  const auto& view = trunk.current;
  Json json{{"id", trunk.id},
            {"name", view.name},
            {"carrier", trunk.carrier},
            {"status", view.status},
            {"version", view.version},
            {"patches", trunk.patches},
            {"since", to_rfc3339(view.since)},
            {"serve", std::string(to_string(trunk.serve))}};
  if (view.pair) {
    json["leaf"] = to_hex(view.pair->identity.leaf);
    json["chain"] = to_hex(view.pair->identity.chain);
    json["not_after"] = to_rfc3339(view.pair->not_after);
  }
  return json;
}

Json fault_json(const Fault& fault) {
  Json json{
      {"id", fault.id}, {"effect", std::string(to_string(fault.effect))}, {"seen", fault.seen}, {"fired", fault.fired}};
  if (fault.operation) json["operation"] = std::string(to_string(*fault.operation));
  if (!fault.trunk.empty()) json["trunk"] = fault.trunk;
  if (fault.times) json["times"] = *fault.times;
  return json;
}

Response answer(int status, std::string body) {
  Response response;
  response.status = status;
  response.headers.push_back({"Content-Type", "application/json"});
  response.body = std::move(body);
  return response;
}

}  // namespace admin_detail

using admin_detail::answer;
using AdminJson = nlohmann::ordered_json;

Response Service::admin(const Request& request) {
  const bool get = request.method == "GET";
  if (get && request.path == "/_sim/state") return answer(200, admin_state(request.now));
  if (get && request.path == "/_sim/requests") return answer(200, admin_requests(request));
  if (get && request.path == "/_sim/violations") return answer(200, admin_violations());
  if (get && request.path == "/_sim/summary") return answer(200, admin_summary());
  if (get && request.path == "/_sim/knobs") return answer(200, admin_knobs());
  if (request.method != "POST" || request.path != "/_sim/knobs")
    return answer(404, R"({"error":"GET /_sim/{state,requests,violations,summary,knobs}, POST /_sim/knobs"})");
  const auto wanted = parse_knobs(request.body, request.now);
  if (!wanted) return answer(400, fmt::format(R"({{"error":{}}})", quote(wanted.error().summary)));
  const auto changed = change(*wanted, request.now);
  if (!changed) return answer(400, fmt::format(R"({{"error":{}}})", quote(changed.error().summary)));
  return answer(200, admin_knobs());
}

std::string Service::admin_state(Instant now) const {
  AdminJson trunks = AdminJson::array();
  for (const auto& trunk : m_store.all()) trunks.push_back(admin_detail::trunk_json(*trunk));
  return admin_detail::text_of(
      {{"time", to_rfc3339(now)},
       {"organisation", {{"id", m_knobs.organisation.id}, {"name", m_knobs.organisation.name}}},
       {"trunks", std::move(trunks)}});
}

std::string Service::admin_requests(const Request& request) const {
  std::uint64_t after = 0;
  const auto text = query_value(request.query, "after").value_or("0");
  std::from_chars(text.data(), text.data() + text.size(), after);
  AdminJson entries = AdminJson::array();
  for (const auto& entry : m_log.entries()) {
    if (entry.number <= after) continue;
    AdminJson json{{"number", entry.number},
                   {"time", to_rfc3339(entry.time)},
                   {"operation", std::string(to_string(entry.operation))},
                   {"method", entry.method},
                   {"path", entry.path},
                   {"status", entry.status}};
    if (!entry.fault.empty()) json["fault"] = entry.fault;
    if (entry.punctuality == Punctuality::early) json["early"] = true;
    entries.push_back(std::move(json));
  }
  return admin_detail::text_of({{"last", m_log.summary().requests}, {"requests", std::move(entries)}});
}

std::string Service::admin_violations() const {
  AdminJson items = AdminJson::array();
  for (const auto& item : m_violations.items())
    items.push_back({{"kind", std::string(to_string(item.kind))},
                     {"method", item.method},
                     {"path", item.path},
                     {"what", item.what},
                     {"time", to_rfc3339(item.time)}});
  return admin_detail::text_of({{"count", m_violations.count()}, {"violations", std::move(items)}});
}

std::string Service::admin_summary() const {
  const auto& summary = m_log.summary();
  AdminJson operations = AdminJson::object(), statuses = AdminJson::object();
  for (std::size_t i = 0; i < k_operations; ++i)
    operations[std::string(to_string(static_cast<Operation>(i)))] = summary.by_operation[i];
  for (const auto& [status, count] : summary.by_status) statuses[std::to_string(status)] = count;
  return admin_detail::text_of({{"requests", summary.requests},
                                {"by_operation", std::move(operations)},
                                {"by_status", std::move(statuses)},
                                {"patches_committed", summary.patches_committed},
                                {"needless_patches", summary.needless_patches},
                                {"rate_limited", summary.rate_limited},
                                {"early", summary.early},
                                {"faults", summary.faults},
                                {"violations", m_violations.count()}});
}

std::string Service::admin_knobs() const {
  AdminJson faults = AdminJson::array();
  for (const auto& fault : m_faults.items()) faults.push_back(admin_detail::fault_json(fault));
  return admin_detail::text_of({{"requests_per_minute", m_knobs.requests_per_minute},
                                {"token_lifetime", trunkform::to_string(m_knobs.token_lifetime)},
                                {"read_lag", trunkform::to_string(m_knobs.read_lag)},
                                {"serve_delay", trunkform::to_string(m_knobs.serve_delay)},
                                {"show_certificate", m_knobs.render.show == ShowCertificate::yes},
                                {"organisation",
                                 {{"id", m_knobs.organisation.id},
                                  {"name", m_knobs.organisation.name},
                                  {"status", m_knobs.organisation.status}}},
                                {"faults", std::move(faults)}});
}

}  // namespace trunkform::sim
