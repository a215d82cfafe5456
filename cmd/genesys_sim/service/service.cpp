#include "cmd/genesys_sim/service/service.hpp"

#include <utility>

#include <fmt/format.h>

namespace trunkform::sim {

Service::Service(ServiceOptions options, const CertificateJudge& judge)
    : m_judge(judge), m_options(std::move(options)), m_knobs(m_options.knobs), m_ids(m_options.seed) {
  if (m_knobs.organisation.id.empty()) m_knobs.organisation.id = m_ids.uuid();
  if (m_knobs.organisation.name.empty()) m_knobs.organisation.name = "Simulated Organisation";
  for (const auto& token : m_options.static_tokens) m_tokens.accept(token);
}

Response Service::handle(const Request& request) {
  Response response;
  std::vector<BindNotice> notices;
  {
    const std::lock_guard lock(m_mutex);
    response = request.path.starts_with("/_sim") ? admin(request) : exchange(request);
    notices.swap(m_notices);
  }
  if (m_on_bind)
    for (const auto& notice : notices) m_on_bind(notice);
  return response;
}

Response Service::exchange(const Request& request) {
  Exchange exchange{request, classify(request.method, request.path), m_ids.uuid(), {}, {}, false, {}, {}};
  check_manners(exchange);
  const auto* trunk = m_store.find(exchange.target.trunk);
  const auto faults = m_faults.pick(
      {exchange.target.operation, request.method, exchange.target.trunk, trunk ? trunk->current.name : std::string()},
      request.now);
  const Fault* spoiler = nullptr;
  for (const auto& fault : faults) {
    for (const auto& edit : fault.edits) carry_out(edit, request.now);
    exchange.fault = to_string(fault.effect);
    if (fault.effect != Effect::edits_only) spoiler = &fault;
  }
  exchange.repeat_first_page = spoiler != nullptr && spoiler->effect == Effect::repeat_page;
  auto response = spoiler != nullptr && spoiler->when == When::before ? instead(exchange, *spoiler) : perform(exchange);
  if (spoiler != nullptr && spoiler->when == When::after) response = spoil(exchange, *spoiler, std::move(response));
  finish(exchange, response);
  return response;
}

void Service::finish(Exchange& exchange, Response& response) {
  const auto& request = exchange.request;
  const auto key = fmt::format("{} {}?{}", request.method, request.path, request.query);
  if (const auto promised = m_promised.find(key); promised != m_promised.end() && response.status != 429) {
    if (request.now < promised->second) exchange.punctuality = Punctuality::early;
    m_promised.erase(promised);
  }
  note_lost_answer(exchange, response);
  response.headers.push_back({"ININ-Correlation-Id", exchange.context_id});
  response.headers.push_back({"Date", http_date(request.now + m_knobs.clock_skew)});
  if (exchange.window && m_knobs.limit_headers) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(exchange.window->reset);
    response.headers.push_back({"inin-ratelimit-count", std::to_string(exchange.window->count)});
    response.headers.push_back({"inin-ratelimit-allowed", std::to_string(exchange.window->allowed)});
    response.headers.push_back({"inin-ratelimit-reset", std::to_string(seconds.count())});
  }
  m_log.add({0, request.now, exchange.target.operation, request.method, request.path, response.status, exchange.fault,
             exchange.punctuality});
}

void Service::note_lost_answer(const Exchange& exchange, const Response& response) {
  const bool unclear = response.delivery.lost() || response.status >= 500 || exchange.fault == "not_json" ||
                       exchange.fault == "wrong_json" || exchange.fault == "cut_json" || exchange.fault == "html";
  switch (exchange.target.operation) {
    case Operation::patch:
      if (auto* trunk = m_store.find(exchange.target.trunk)) trunk->answer_lost = unclear;
      break;
    case Operation::get:
      if (auto* trunk = m_store.find(exchange.target.trunk); trunk != nullptr && !unclear) trunk->answer_lost = false;
      break;
    case Operation::list:
      if (!unclear)
        for (const auto& trunk : m_store.all()) trunk->answer_lost = false;
      break;
    default:
      break;
  }
}

void Service::violate(const Exchange& exchange, ViolationKind kind, std::string what) {
  m_violations.add({kind, exchange.request.method, exchange.request.path, std::move(what), exchange.request.now});
  m_log.counters().violations = m_violations.count();
}

PairPtr Service::make_pair(std::string certificate, std::string private_key, Instant now) const {
  const auto judgement = m_judge.judge(certificate, private_key, now);
  if (judgement.identity == Identity{}) return nullptr;
  auto quoted = quote(certificate);
  return std::make_shared<const BoundPair>(BoundPair{std::move(certificate), std::move(private_key), std::move(quoted),
                                                     judgement.identity, judgement.not_after, judgement.ends_in_root});
}

std::string Service::add_trunk(TrunkSeed seed, Instant now) {
  const std::lock_guard lock(m_mutex);
  auto id = seed.id.empty() ? m_ids.uuid() : std::move(seed.id);
  TrunkView view{std::move(seed.name), std::move(seed.status), 1, std::move(seed.pair), now};
  return m_store.add(std::move(id), std::move(seed.carrier), std::move(view)).id;
}

void Service::set_stranger(PairPtr pair) {
  const std::lock_guard lock(m_mutex);
  m_stranger = std::move(pair);
}

Result<> Service::turn(std::string_view knobs_json, Instant now) {
  std::vector<BindNotice> notices;
  {
    const std::lock_guard lock(m_mutex);
    const auto wanted = TRY(parse_knobs(knobs_json, now));
    TRY(change(wanted, now));
    notices.swap(m_notices);
  }
  if (m_on_bind)
    for (const auto& notice : notices) m_on_bind(notice);
  return {};
}

void Service::prerender(std::uint64_t size, Instant now) {
  const std::lock_guard lock(m_mutex);
  const auto pages = (m_store.all().size() + size - 1) / size;
  for (std::uint64_t number = 1; number <= pages; ++number) page({size, number}, now);
}

std::optional<Serving> Service::serving(std::string_view trunk_id, Instant now) const {
  const std::lock_guard lock(m_mutex);
  const auto* trunk = m_store.find(trunk_id);
  if (trunk == nullptr) return std::nullopt;
  Serving serving{trunk->serve, nullptr, m_knobs.close_sessions};
  if (trunk->serve == ServeMode::wrong)
    serving.pair = trunk->wrong ? trunk->wrong : m_stranger;
  else
    serving.pair = visible(*trunk, now, std::max(trunk->serve_delay, m_knobs.serve_delay)).pair;
  return serving;
}

std::vector<std::string> Service::trunk_ids() const {
  const std::lock_guard lock(m_mutex);
  std::vector<std::string> ids;
  for (const auto& trunk : m_store.all()) ids.push_back(trunk->id);
  return ids;
}

std::optional<std::string> Service::find_trunk(std::string_view id_or_name) const {
  const std::lock_guard lock(m_mutex);
  if (const auto* trunk = m_store.find(id_or_name)) return trunk->id;
  for (const auto& trunk : m_store.all())
    if (trunk->current.name == id_or_name) return trunk->id;
  return std::nullopt;
}

std::string Service::name_of(std::string_view trunk_id) const {
  const std::lock_guard lock(m_mutex);
  const auto* trunk = m_store.find(trunk_id);
  return trunk == nullptr ? std::string() : trunk->current.name;
}

Summary Service::summary() const {
  const std::lock_guard lock(m_mutex);
  return m_log.summary();
}

std::vector<Violation> Service::violations() const {
  const std::lock_guard lock(m_mutex);
  return m_violations.items();
}

}  // namespace trunkform::sim
