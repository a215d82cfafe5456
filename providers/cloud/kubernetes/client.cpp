#include "providers/cloud/kubernetes/client.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"

namespace trunkform::cloud::kubernetes {
namespace {

constexpr std::uint64_t k_largest_object = 8U << 20;
constexpr const char* k_json = "application/json";
// Kubernetes API Concepts, "Metadata-only fetches".
constexpr const char* k_metadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/// A `Status` (API Conventions, "Response Status Kind") tells why in its message.
std::optional<Refusal> refusal_of_status(const std::string& call, const HttpResponse& answer) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  const auto message = SecretJson(answer.secret_body).text({"message"}).value_or("");
  const auto said =
      fmt::format("{} answered {}{}", call, answer.status, message.empty() ? "" : ": " + quoted(message, 300));
  const auto refused = [&](ErrorCode code, bool passes, const char* hint = nullptr) {
    Refusal refusal{Error(code, said), passes};
    if (hint != nullptr) refusal.error.hints.emplace_back(hint);
    return refusal;
  };
  switch (answer.status) {
    case 401:
      return refused(ErrorCode::denied, false, "the service account's token is not valid any more: look at its file");
    case 403:
      return refused(ErrorCode::denied, false, k_missing_role);
    case 404:
      return refused(ErrorCode::not_found, false, "check `namespace` and `secret`: kubectl get secret -n NAMESPACE");
    case 429:
      return refused(ErrorCode::throttled, true);
    default:
      break;
  }
  if (answer.status >= 500) return refused(ErrorCode::unavailable, true);
  return refused(ErrorCode::protocol, false);
}

}  // namespace

Client::Client(Options options, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)), m_caller(m_options.calls, http, clock, random) {}

Result<HttpResponse> Client::read(const Context& context, const std::string& path, Part part) {
  HttpRequest request;
  request.url = m_options.server + "/" + path;
  request.headers = {{"Accept", part == Part::metadata ? k_metadata : k_json}};
  return send(context, request);
}

Result<HttpResponse> Client::review(const Context& context, const std::string& path, const std::string& body) {
  HttpRequest request;
  request.method = "POST";
  request.url = m_options.server + "/" + path;
  request.headers = {{"Accept", k_json}, {"Content-Type", k_json}};
  request.body = body;
  return send(context, request);
}

Result<HttpResponse> Client::send(const Context& context, const HttpRequest& wanted) {
  SecretBuffer bearer;
  return m_caller.call(
      context,
      [&]() -> Result<HttpRequest> {
        const auto token = TRY(m_options.token());
        bearer = joined({"Bearer ", trimmed(token.view())});
        auto request = wanted;
        request.authorization = &bearer;
        request.ca_file = m_options.ca_file;
        request.timeout = m_options.timeout;
        request.body_limit = k_largest_object;
        request.secret_answer = true;
        return request;
      },
      [&](const HttpResponse& answer) { return refusal_of_status(wanted.method + " " + wanted.url, answer); });
}

}  // namespace trunkform::cloud::kubernetes
