#include "providers/cloud/http_state/server.hpp"

#include <fmt/format.h>

#include "providers/cloud/clock_difference.hpp"
#include "providers/cloud/http_state/answer.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cloud::http_state {
namespace {

constexpr std::uint64_t k_largest_document = 1ULL << 30;

bool says_absent(const HttpResponse& answer) { return answer.status == 404; }

std::string under_lock(const std::string& address, const std::string& lock_id) {
  const auto* joint = address.find('?') == std::string::npos ? "?" : "&";
  return address + joint + "ID=" + percent_encoded(lock_id);
}

}  // namespace

/// One request. What is in `also` is an answer beside 2xx.
struct Server::Ask {
  std::string what;  ///< `the state`, for messages
  std::string method;
  std::string url;
  std::string info{};  ///< a lock's, no secret: a refusal repeats it
  const SecretBuffer* state = nullptr;
  Repeat repeat = Repeat::freely;
  std::function<bool(const HttpResponse&)> also{};
};

Server::Server(ServerOptions options, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)), m_caller(m_options.calls, http, clock, random) {}

std::string Server::place(const std::string& workspace) const {
  const auto url = parse_url(of_workspace(m_options.place.address, workspace));
  return url ? url->authority + url->path : m_options.place.address;
}

Result<HttpResponse> Server::call(const Context& context, const Ask& ask) {
  HttpRequest request;
  request.method = ask.method;
  request.url = ask.url;
  if (ask.state != nullptr || !ask.info.empty()) request.headers.push_back({"Content-Type", "application/json"});
  request.body = ask.info;
  request.secret_body = ask.state;
  request.secret_answer = true;
  request.authorization = m_options.authorization ? &*m_options.authorization : nullptr;
  request.client_certificate = m_options.certificate ? &*m_options.certificate : nullptr;
  request.timeout = m_options.timeout;
  request.body_limit = k_largest_document;
  return m_caller.call(
      context, [&]() -> Result<HttpRequest> { return request; },
      [&](const HttpResponse& answer) -> std::optional<Refusal> {
        if (ask.also && ask.also(answer)) return std::nullopt;
        return refusal_of(fmt::format("{} of {}", ask.method, ask.what), answer);
      },
      ask.repeat);
}

Result<HttpResponse> Server::read(const Context& context, const std::string& workspace) {
  return call(context, {.what = "the state",
                        .method = "GET",
                        .url = of_workspace(m_options.place.address, workspace),
                        .also = says_absent});
}

Result<std::optional<std::string>> Server::get(const Context& context, const std::string& workspace) {
  const auto answer = TRY(read(context, workspace));
  if (says_absent(answer) || answer.status == 204 || answer.secret_body.empty()) return std::optional<std::string>();
  return std::optional(std::string(answer.secret_body.view()));
}

Result<> Server::put(const Context& context, const std::string& workspace, const std::string& bytes,
                     const std::string& lock_id) {
  const auto body = SecretBuffer::copy_of(bytes);
  TRY(call(context, {.what = "the state",
                     .method = m_options.place.update_method,
                     .url = under_lock(of_workspace(m_options.place.address, workspace), lock_id),
                     .state = &body,
                     .repeat = Repeat::refused_only}));
  return {};
}

Result<> Server::remove(const Context& context, const std::string& workspace, const std::string& lock_id) {
  TRY(call(context, {.what = "the state",
                     .method = "DELETE",
                     .url = under_lock(of_workspace(m_options.place.address, workspace), lock_id),
                     .also = says_absent}));
  return {};
}

Result<LockAnswer> Server::lock(const Context& context, const std::string& workspace, const std::string& info) {
  const auto answer = TRY(call(context, {.what = "the lock",
                                         .method = m_options.place.lock_method,
                                         .url = of_workspace(m_options.place.lock_address, workspace),
                                         .info = info,
                                         .also = says_locked}));
  if (!says_locked(answer)) return LockAnswer{true, {}};
  return LockAnswer{false, std::string(answer.secret_body.view())};
}

Result<> Server::unlock(const Context& context, const std::string& workspace, const std::string& info) {
  TRY(call(context, {.what = "the lock",
                     .method = m_options.place.unlock_method,
                     .url = of_workspace(m_options.place.unlock_address, workspace),
                     .info = info,
                     .repeat = Repeat::refused_only}));
  return {};
}

Result<Instant> Server::now(const Context& context, const std::string& workspace) {
  return time_of(TRY(read(context, workspace)), "the state's server", m_caller.clock().now());
}

}  // namespace trunkform::cloud::http_state
