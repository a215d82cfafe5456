#include "providers/issuers/acme/wire.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/retry_after.hpp"
#include "providers/issuers/own_roots.hpp"

namespace trunkform::issuers::acme {
namespace {

/// A server may refuse nonces for no reason; one that refuses so many in a row never takes any.
constexpr int k_nonces = 20;
constexpr std::uint64_t k_largest_answer = 1U << 20;

/// What will pass. All else that was refused is for the caller to judge.
std::optional<cloud::Refusal> passing(const HttpResponse& answer, const std::string& call) {
  if (answer.status != 429 && answer.status < 500) return std::nullopt;
  auto problem = problem_of(answer);
  auto error = to_error(problem, call + " was refused for now");
  if (error.code != ErrorCode::throttled)
    error.code = answer.status == 429 ? ErrorCode::throttled : ErrorCode::unavailable;
  return cloud::Refusal{std::move(error), true, answer.status >= 500};
}

}  // namespace

Result<HttpResponse> accepted(Answer answer, const std::string& summary) {
  if (!answer.problem) return std::move(answer.response);
  auto error = to_error(*answer.problem, summary);
  if (error.code == ErrorCode::throttled) error.retry_after = answer.wait;
  return error;
}

std::optional<OrderGone> gone_of(const Answer& answer, const std::string& summary) {
  if (!answer.problem || code_of(*answer.problem) != ErrorCode::not_found) return std::nullopt;
  return OrderGone{to_error(*answer.problem, summary)};
}

Wire::Wire(WireOptions options, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)), m_caller(m_options.calls, http, clock, random) {}

HttpRequest Wire::request_for(const std::string& method, const std::string& url) const {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.ca_file = m_options.ca_file;
  request.body_limit = k_largest_answer;
  return request;
}

/// An answer is never `denied` here: that is the server's certificate.
Result<HttpResponse> Wire::send(const Context& context, const cloud::Caller::Prepare& prepare,
                                const cloud::Caller::Judge& judge, cloud::Change* change) {
  auto response = m_caller.call(context, prepare, judge, cloud::Repeat::freely, change);
  if (response || response.error().code != ErrorCode::denied) return response;
  return with_roots(std::move(response.error()), "TRUNKFORM_ACME_CA_FILE", m_options.ca_file);
}

Answer Wire::judged(HttpResponse response) {
  const auto wait = cloud::retry_after_of(response, clock().now());
  Answer answer{std::move(response), {}, wait};
  if (answer.response.status >= 300) answer.problem = problem_of(answer.response);
  return answer;
}

Result<Answer> Wire::get(const Context& context, const std::string& url) {
  TRY(m_options.may_go_to(url));
  const auto call = "GET " + cloud::quoted(url);
  auto response = TRY(send(
      context,
      [&]() -> Result<HttpRequest> {
        auto request = request_for("GET", url);
        request.headers = {{"Accept", "application/json"}};
        return request;
      },
      [&](const HttpResponse& seen) { return passing(seen, call); }));
  return judged(std::move(response));
}

Result<Directory> Wire::directory(const Context& context) {
  const std::scoped_lock lock(m_mutex);
  if (m_directory) return *m_directory;
  auto answer = TRY(get(context, m_options.directory));
  if (answer.problem && code_of(*answer.problem) == ErrorCode::not_found)
    return Error(ErrorCode::unavailable, "there is no directory at " + cloud::quoted(m_options.directory),
                 words_of(*answer.problem))
        .hint("check `directory` of the issuer");
  const auto response = TRY(accepted(std::move(answer), "the directory of the authority cannot be read"));
  m_directory = TRY(directory_of(response, m_options.directory));
  return *m_directory;
}

Result<std::string> Wire::nonce(const Context& context) {
  if (auto kept = m_nonces.take()) return std::move(*kept);
  const auto url = TRY(directory(context)).new_nonce;
  TRY(m_options.may_go_to(url));
  const auto response = TRY(send(
      context, [&]() -> Result<HttpRequest> { return request_for("HEAD", url); },
      [&](const HttpResponse& seen) { return passing(seen, "HEAD " + cloud::quoted(url)); }));
  m_nonces.keep_of(response);
  if (auto fresh = m_nonces.take()) return std::move(*fresh);
  return Error(ErrorCode::protocol, "the authority gives no nonce",
               fmt::format("{} answered {} without a Replay-Nonce", cloud::quoted(url), response.status));
}

Result<Answer> Wire::post(const Context& context, const std::string& url, const AccountKey& key, const std::string& kid,
                          const std::string& payload, const std::string& accept, cloud::Change* change) {
  TRY(m_options.may_go_to(url));
  const auto call = "POST " + cloud::quoted(url);
  for (int tries = 1;; ++tries) {
    auto response = TRY(send(
        context,
        [&]() -> Result<HttpRequest> {
          auto request = request_for("POST", url);
          request.headers = {{"Accept", accept}, {"Content-Type", "application/jose+json"}};
          // By itself: a return out of a braced list would not destroy what the list has made already.
          auto fresh = TRY(nonce(context));
          request.body = TRY(signed_body(key, {url, std::move(fresh), kid}, payload));
          return request;
        },
        [&](const HttpResponse& seen) { return passing(seen, call); }, change));
    auto answer = judged(std::move(response));
    const bool is_bad_nonce = answer.problem && answer.problem->type == "badNonce";
    if (is_bad_nonce) m_nonces.forget();
    m_nonces.keep_of(answer.response);
    if (!is_bad_nonce) return answer;
    if (tries == k_nonces)
      return to_error(*answer.problem, fmt::format("the authority refused {} nonces in a row", tries));
    if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped");
  }
}

Result<Answer> Wire::post_to(const Context& context, std::string Directory::* address, const AccountKey& key,
                             const std::string& kid, const Payload& payload, cloud::Change* change) {
  for (bool again = false;; again = true) {
    const auto url = TRY(directory(context)).*address;
    if (url.empty())
      return Error(ErrorCode::unsupported, "the authority's directory has no address for this",
                   "it is " + cloud::quoted(m_options.directory));
    auto answer = TRY(post(context, url, key, kid, TRY(payload(url)), "application/json", change));
    const bool has_gone =
        answer.response.status == 404 || answer.response.status == 405 || answer.response.status == 410;
    if (!has_gone || again) return answer;
    const std::scoped_lock lock(m_mutex);
    m_directory.reset();
  }
}

}  // namespace trunkform::issuers::acme
