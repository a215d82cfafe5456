// What the service does when nothing is in its way.
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "cmd/genesys_sim/service/patch_body.hpp"
#include "cmd/genesys_sim/service/service.hpp"

namespace trunkform::sim {
namespace operations_detail {

constexpr std::size_t k_largest_body = 1 << 20;

Response json(std::string body) {
  Response response;
  response.headers.push_back({"Content-Type", "application/json"});
  response.body = std::move(body);
  return response;
}

/// RFC 4648 §4; nullopt for anything else.
std::optional<std::string> base64_decode(std::string_view text) {
  static constexpr std::string_view k_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string bytes;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = k_letters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xff);
  }
  return bytes;
}

std::optional<Client> basic_credentials(const Request& request) {
  const auto* header = find_header(request.headers, "authorization");
  if (header == nullptr || !header->starts_with("Basic ")) return std::nullopt;
  const auto decoded = base64_decode(std::string_view(*header).substr(6));
  if (!decoded) return std::nullopt;
  const auto colon = decoded->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return Client{decoded->substr(0, colon), decoded->substr(colon + 1)};
}

Response oauth_error(int status, std::string_view error, std::string_view description) {
  auto response = json(fmt::format(R"({{"error":{},"description":{},"error_description":{}}})", quote(error),
                                   quote(description), quote(description)));
  response.status = status;
  if (status == 401) response.headers.push_back({"WWW-Authenticate", "Basic realm=\"oauth\""});
  return response;
}

/// A paging parameter; nullopt where it is not a number from 1 to `most`.
std::optional<std::uint64_t> paging(std::string_view query, std::string_view name, std::uint64_t otherwise,
                                    std::uint64_t most) {
  const auto text = query_value(query, name);
  if (!text) return otherwise;
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (problem != std::errc() || end != text->data() + text->size() || number < 1 || number > most) return std::nullopt;
  return number;
}

ErrorText refusal_text(const Judgement& judgement) {
  switch (*judgement.refusal) {
    case Refusal::invalid_key_format:
      return {400, "invalid.value", fmt::format("Invalid key format: {}", judgement.why), "tls.privateKey"};
    case Refusal::chain_incomplete:
      return {400, "invalid.value", fmt::format("certificate chain incomplete: {}", judgement.why), "tls.certificate"};
    case Refusal::expired:
      return {400, "invalid.value", fmt::format("certificate expired: {}", judgement.why), "tls.certificate"};
    case Refusal::not_a_certificate:
      break;
  }
  return {400, "invalid.value", fmt::format("Invalid certificate format: {}", judgement.why), "tls.certificate"};
}

}  // namespace operations_detail

using namespace operations_detail;

Response Service::error(const Exchange& exchange, ErrorText text) const {
  auto response = json(render_error(text, exchange.context_id));
  response.status = text.status;
  return response;
}

Response Service::perform(Exchange& exchange) {
  if (exchange.target.operation == Operation::token) return grant_token(exchange);
  const auto* header = find_header(exchange.request.headers, "authorization");
  if (header == nullptr || !header->starts_with("Bearer "))
    return error(exchange, {401, "authentication.required", "No authentication bearer token specified", {}});
  exchange.token = header->substr(7);
  if (!m_tokens.is_valid(exchange.token, exchange.request.now))
    return error(exchange, {401, "bad.credentials", "Invalid login credentials.", {}});
  exchange.window = m_tokens.count(exchange.token, exchange.request.now, m_knobs.requests_per_minute);
  if (!exchange.window->exceeded()) return authorised(exchange);
  ++m_log.counters().rate_limited;
  return too_many_requests(exchange, exchange.window->reset, RetryHint::seconds);
}

Response Service::authorised(Exchange& exchange) {
  switch (exchange.target.operation) {
    case Operation::organisation:
      return organisation(exchange);
    case Operation::products:
      return json(render_products());
    case Operation::list:
      return list(exchange);
    case Operation::get:
      return get(exchange);
    case Operation::patch:
      return patch(exchange);
    default:
      return error(exchange, {404, "not.found", "The requested resource was not found.", {}});
  }
}

Response Service::grant_token(Exchange& exchange) {
  const auto& request = exchange.request;
  const auto credentials = basic_credentials(request);
  if (!credentials) return oauth_error(401, "invalid_client", "client credentials are invalid");
  bool known = false;
  for (const auto& client : m_options.clients)
    known = known || (client.id == credentials->id && client.secret == credentials->secret);
  if (!known) return oauth_error(401, "invalid_client", "authentication failed");
  if (query_value(request.body, "grant_type") != "client_credentials")
    return oauth_error(400, "unsupported_grant_type", "only client_credentials is supported");
  auto token = m_ids.token();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(m_knobs.token_lifetime).count();
  auto response =
      json(fmt::format(R"({{"access_token":{},"token_type":"bearer","expires_in":{}}})", quote(token), seconds));
  response.headers.push_back({"Cache-Control", "no-store"});
  m_tokens.issue(std::move(token), request.now + m_knobs.token_lifetime);
  return response;
}

Response Service::organisation(Exchange& exchange) {
  switch (m_knobs.organisation.status) {
    case 200:
      return json(render_organisation(m_knobs.organisation));
    case 404:
      return error(exchange, {404, "not.found", "The requested resource was not found.", {}});
    default:
      return error(exchange, {m_knobs.organisation.status,
                              "missing.any.permissions",
                              "Unable to perform the requested action. You are missing the following permission(s): "
                              "directory:organization:view",
                              {}});
  }
}

Response Service::list(Exchange& exchange) {
  constexpr std::uint64_t k_largest_page = 100;
  constexpr std::uint64_t k_last_number = 1'000'000;
  const auto size = paging(exchange.request.query, "pageSize", 25, k_largest_page);
  if (!size) return error(exchange, {400, "invalid.value", "pageSize must be a number from 1 to 100", "pageSize"});
  auto number = paging(exchange.request.query, "pageNumber", 1, k_last_number);
  if (!number) return error(exchange, {400, "invalid.value", "pageNumber must be a number from 1 on", "pageNumber"});
  if (exchange.repeat_first_page) number = 1;
  auto response = json({});
  response.shared_body = page({*size, *number}, exchange.request.now);
  return response;
}

std::shared_ptr<const std::string> Service::page(const Page& wanted, Instant now) {
  const auto render = [&] {
    return std::make_shared<const std::string>(render_page(m_store, wanted, m_knobs.render, now, m_knobs.read_lag));
  };
  if (m_options.listing_cache == ListingCache::off || m_knobs.read_lag != Duration{}) return render();
  if (m_pages_generation != m_store.generation()) m_pages.clear();
  m_pages_generation = m_store.generation();
  auto& kept = m_pages[{wanted.size, wanted.number}];
  if (!kept) kept = render();
  return kept;
}

Response Service::get(Exchange& exchange) {
  const auto* trunk = m_store.find(exchange.target.trunk);
  if (trunk == nullptr) return error(exchange, {404, "not.found", "The requested trunk was not found.", {}});
  return json(render_trunk(*trunk, visible(*trunk, exchange.request.now, m_knobs.read_lag), m_knobs.render));
}

Response Service::patch(Exchange& exchange) {
  const auto& request = exchange.request;
  if (request.body.size() > k_largest_body) {
    violate(exchange, ViolationKind::body_too_large, "a PATCH of more than 1 MiB");
    return error(exchange, {413, "request.entity.too.large", "The request is too large.", {}});
  }
  const auto body = read_patch_body(request.body);
  if (!body.problem.empty()) violate(exchange, ViolationKind::patch_body, body.problem);
  auto* trunk = m_store.find(exchange.target.trunk);
  if (trunk == nullptr) return error(exchange, {404, "not.found", "The requested trunk was not found.", {}});
  if (trunk->answer_lost)
    violate(exchange, ViolationKind::blind_repeat, "the last PATCH's answer was lost: read before you write again");
  if (!body.problem.empty()) return error(exchange, {400, "bad.request", body.problem, {}});
  const auto judgement = m_judge.judge(body.certificate, body.private_key, request.now);
  if (judgement.refusal) return error(exchange, refusal_text(judgement));
  if (trunk->current.pair && trunk->current.pair->identity == judgement.identity) ++m_log.counters().needless_patches;
  commit(*trunk,
         std::make_shared<const BoundPair>(BoundPair{body.certificate, body.private_key, quote(body.certificate),
                                                     judgement.identity, judgement.not_after, judgement.ends_in_root}),
         request.now);
  ++trunk->patches;
  ++m_log.counters().patches_committed;
  return json(render_trunk(*trunk, visible(*trunk, request.now, m_knobs.read_lag), m_knobs.render));
}

void Service::commit(Trunk& trunk, PairPtr pair, Instant now) {
  auto& view = m_store.revise(trunk, now);
  view.pair = std::move(pair);
  if (view.pair) m_notices.push_back({trunk.id, view.name, view.pair->identity});
}

}  // namespace trunkform::sim
