// Answers that go wrong: in place of the operation (`instead`), or after it was carried out (`spoil`).
#include <utility>

#include <fmt/format.h>

#include "cmd/genesys_sim/service/service.hpp"

namespace trunkform::sim {
namespace spoil_detail {

/// Effects that change an answer which the operation has to make first.
bool needs_an_answer(Effect effect) {
  return effect == Effect::torn || effect == Effect::slow || effect == Effect::cut_json ||
         effect == Effect::repeat_page;
}

Response body_of(int status, std::string_view type, std::string text) {
  Response response;
  response.status = status;
  response.headers.push_back({"Content-Type", std::string(type)});
  response.body = std::move(text);
  return response;
}

}  // namespace spoil_detail

using namespace spoil_detail;

Response Service::instead(Exchange& exchange, const Fault& fault) {
  Response nothing;
  if (needs_an_answer(fault.effect)) nothing = perform(exchange);
  return spoil(exchange, fault, std::move(nothing));
}

Response Service::too_many_requests(Exchange& exchange, Duration retry_after, RetryHint hint) {
  const auto& request = exchange.request;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(retry_after);
  auto response = error(
      exchange, {429,
                 "too.many.requests.retry.after",
                 fmt::format("Rate limit exceeded the maximum. Retry the request in [{}] seconds", seconds.count()),
                 {}});
  const auto promised = std::chrono::floor<std::chrono::seconds>(request.now + seconds);
  auto& remembered = m_promised[fmt::format("{} {}?{}", request.method, request.path, request.query)];
  if (request.now < remembered) exchange.punctuality = Punctuality::early;
  remembered = hint == RetryHint::none   ? Instant{}
               : hint == RetryHint::date ? Instant(promised)
                                         : request.now + seconds;
  if (hint == RetryHint::seconds) response.headers.push_back({"Retry-After", std::to_string(seconds.count())});
  if (hint == RetryHint::date)
    response.headers.push_back({"Retry-After", http_date(Instant(promised) + m_knobs.clock_skew)});
  return response;
}

Response Service::spoil(Exchange& exchange, const Fault& fault, Response response) {
  switch (fault.effect) {
    case Effect::too_many_requests:
      return too_many_requests(exchange, fault.retry_after, fault.hint);
    case Effect::error: {
      const int status = fault.status == 0 ? 503 : fault.status;
      return error(exchange, {status,
                              status == 504 ? "gateway.timeout" : "service.unavailable",
                              "The service is temporarily unavailable.",
                              {}});
    }
    case Effect::conflict:
      return error(exchange, {409, "general.conflict", "The resource was changed by another request.", {}});
    case Effect::version_mismatch:
      return error(exchange, {400, "bad.request", "The version specified does not match the current version.", {}});
    case Effect::unauthorized:
      if (const auto* header = find_header(exchange.request.headers, "authorization"))
        if (header->starts_with("Bearer ")) m_tokens.revoke(std::string_view(*header).substr(7));
      return error(exchange, {401, "bad.credentials", "Invalid login credentials.", {}});
    case Effect::oauth_rate_limit:
      return body_of(400, "application/json",
                     R"({"error":"invalid_request","description":"rate limit exceeded; retry later",)"
                     R"("error_description":"rate limit exceeded; retry later"})");
    case Effect::reset:
      response.delivery.kind = Delivery::Kind::reset;
      return response;
    case Effect::silence:
      response.delivery.kind = Delivery::Kind::silence;
      return response;
    case Effect::torn:
      response.delivery.kind = Delivery::Kind::torn;
      response.delivery.bytes = fault.bytes;
      response.delivery.ending = fault.ending;
      return response;
    case Effect::slow:
      response.delivery.first_byte = fault.first_byte;
      response.delivery.chunk = fault.chunk;
      response.delivery.pause = fault.pause;
      return response;
    case Effect::html:
      return body_of(fault.status == 0 ? 200 : fault.status, "text/html",
                     "<!DOCTYPE html><html><head><title>Down for maintenance</title></head>"
                     "<body><h1>We will be back soon</h1></body></html>");
    case Effect::not_json:
      return body_of(200, "application/json", "OK, but this is no JSON {");
    case Effect::wrong_json:
      return body_of(200, "application/json", R"({"entities":"none","id":7,"tls":[]})");
    case Effect::cut_json: {
      const auto text = response.text();
      response.body = std::string(text.substr(0, text.size() / 2));
      response.shared_body.reset();
      return response;
    }
    case Effect::redirect: {
      auto redirect = body_of(302, "text/plain", "elsewhere");
      redirect.headers.push_back({"Location", fault.location});
      return redirect;
    }
    case Effect::repeat_page:
    case Effect::edits_only:
      return response;
  }
  return response;
}

}  // namespace trunkform::sim
