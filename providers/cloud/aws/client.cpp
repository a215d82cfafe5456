#include "providers/cloud/aws/client.hpp"

#include <fmt/format.h>

#include "providers/cloud/aws/places.hpp"
#include "providers/cloud/aws/service_error.hpp"
#include "providers/cloud/aws/signed_request.hpp"
#include "providers/cloud/secret_text.hpp"

namespace trunkform::cloud::aws {
namespace {

constexpr std::uint64_t k_largest_answer = 8U << 20;
constexpr int k_most_pages = 1000;

}  // namespace

Client::Client(Options options, CredentialKeeper& credentials, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)),
      m_credentials(credentials),
      m_random(random),
      m_caller(m_options.calls, http, clock, random) {}

Result<SecretBuffer> Client::call(const Context& context, const Service& service, const std::string& operation,
                                  const SecretBuffer& body, const std::string& resource, Repeat repeat) {
  const auto arn = parse_arn(resource);
  const auto& region = arn && !arn->region.empty() ? arn->region : m_options.region;
  SignedRequest request;
  request.endpoint = TRY(m_options.endpoint(service.name, region));
  request.signable = {"POST",
                      {},
                      "/",
                      {},
                      {{"Content-Type", "application/x-amz-json-1.1"},
                       {"X-Amz-Target", fmt::format("{}.{}", service.target, operation)}}};
  request.scope = {region, service.name, PathRule::encoded_again};
  request.body = &body;
  request.timeout = m_options.timeout;
  request.body_limit = k_largest_answer;
  if (arn && m_options.allow_account) TRY(m_options.allow_account(context, arn->account));

  const auto call = fmt::format("{} {}", service.name, operation);
  auto credentials = TRY(m_credentials.current(context));
  for (bool again = false;; again = true) {
    bool are_refused = false;
    auto answer = m_caller.call(
        context, [&] { return request.prepare(*credentials, m_caller.clock().now()); },
        [&](const HttpResponse& seen) {
          are_refused = seen.status >= 400 && is_about_credentials(words_of(seen));
          return refusal_of(call, seen);
        },
        repeat);
    if (answer) return std::move(answer->secret_body);
    if (!are_refused || again) return std::move(answer.error());
    credentials = TRY(m_credentials.after_refusal(context, credentials, std::move(answer.error())));
  }
}

Result<> Client::each_page(const Context& context, const Service& service, const std::string& operation,
                           const SecretBuffer& body, const std::string& resource,
                           const std::function<Result<>(SecretJson& page)>& use) {
  std::string next;
  for (int page = 0; page < k_most_pages; ++page) {
    const auto token = json_of({{"NextToken", next}});
    const auto whole =
        next.empty() ? body.duplicate() : joined({body.view().substr(0, body.size() - 1), ",", token.view().substr(1)});
    SecretJson json(TRY(call(context, service, operation, whole, resource)));
    TRY(use(json));
    const auto following = json.text({"NextToken"});
    if (!following || following->empty()) return {};
    if (*following == next) break;
    next = *following;
  }
  return Error(ErrorCode::protocol, fmt::format("the pages of {} {} do not end", service.name, operation))
      .hint("run the command again; if it stays, look at what stands between this machine and AWS");
}

Result<std::string> Client::account(const Context& context) const {
  if (!m_options.own_account) return Error(ErrorCode::unsupported, "nobody knows the AWS account of this run");
  return m_options.own_account(context);
}

}  // namespace trunkform::cloud::aws
