// Who a container or a machine of AWS is, as its host says.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "providers/cloud/aws/links.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cloud::aws {
namespace {

std::string variable(const Surroundings& around, const std::string& name) {
  return around.environment.variable(name).value_or("");
}

int number_in(const Surroundings& around, const std::string& name, int otherwise) {
  const auto text = variable(around, name);
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size() && number > 0 ? number : otherwise;
}

HttpRequest request_to(std::string url, Duration timeout) {
  HttpRequest request;
  request.url = std::move(url);
  request.timeout = timeout;
  request.body_limit = 64U << 10;
  request.secret_answer = true;
  request.plain = PlainHttp::machine;
  return request;
}

/// Over plain http only to this machine and to the addresses that its host answers at.
bool may_be_asked(const Url& url) {
  return url.scheme == "https" || is_loopback(url.host) || url.host == "169.254.170.2" ||
         url.host == "169.254.170.23" || url.host == "[fd00:ec2::23]";
}

/// What proves to the agent who asks; empty: nothing is asked for. The file comes first: others rotate it.
Result<SecretBuffer> container_token(const Surroundings& around) {
  SecretBuffer token;
  if (const auto file = variable(around, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty())
    token = TRY(around.files.read_secret(file));
  else if (auto given = around.environment.take_secret("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
    token = std::move(*given);
  if (token.view().find_first_of("\r\n") != std::string_view::npos)
    return Error(ErrorCode::invalid_input, "the container's authorization token has a line break in it",
                 "sent as it is it would be more than one header")
        .hint("check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE and AWS_CONTAINER_AUTHORIZATION_TOKEN");
  return token;
}

Error not_answered(const std::string& what, int status) {
  return Error(status >= 500 || status == 429 ? ErrorCode::unavailable : ErrorCode::denied,
               fmt::format("{} answered {}", what, status))
      .hint("look at the role of this machine, task or pod, and at the agent that hands its credentials out");
}

}  // namespace

Result<Credentials> credentials_of_json(const SecretBuffer& json, std::string origin) {
  SecretJson document(json);
  Credentials credentials;
  auto id = document.text({"AccessKeyId"});
  auto secret = document.secret({"SecretAccessKey"});
  auto token = document.secret({"Token"});
  if (!token) token = document.secret({"SessionToken"});
  const auto expiration = document.text({"Expiration"});
  const auto expires = expiration ? parse_rfc3339(*expiration) : std::nullopt;
  if (!id || id->empty() || !secret || secret->empty() || (expiration && !expires))
    return Error(ErrorCode::protocol, fmt::format("{} gave no credentials that can be used", origin))
        .hint("it must be JSON with AccessKeyId, SecretAccessKey and, where they end, the token and Expiration");
  credentials.access_key_id = std::move(*id);
  credentials.secret_access_key = std::move(*secret);
  if (token) credentials.session_token = std::move(*token);
  credentials.expires = expires;
  credentials.origin = std::move(origin);
  return credentials;
}

Result<Found> of_container(const Context& context, const Surroundings& around) {
  const auto relative = variable(around, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  auto address = variable(around, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (relative.empty() && address.empty())
    return nothing("neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set");
  if (!relative.empty()) address = "http://169.254.170.2" + relative;
  const auto url = parse_url(address);
  if (!url || (!relative.empty() && (!relative.starts_with('/') || url->host != "169.254.170.2")))
    return Error(ErrorCode::invalid_input, "the address of the container's credentials is none",
                 url ? std::string("a relative one begins with a slash") : url.error().summary)
        .hint("check AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!may_be_asked(*url))
    return Error(ErrorCode::untrusted, fmt::format("the container's credentials are not asked of {}", url->host),
                 "over plain http only this machine, 169.254.170.2, 169.254.170.23 and fd00:ec2::23 are asked")
        .hint("write an https:// address into AWS_CONTAINER_CREDENTIALS_FULL_URI");
  const auto token = TRY(container_token(around));
  auto request = request_to(address, std::chrono::seconds(10));
  request.headers = {{"Accept", "application/json"}};
  if (!token.empty()) request.authorization = &token;
  Caller caller({std::chrono::seconds(20), {}}, around.http, around.clock, around.random);
  const auto answer = TRY(caller.call(
      context, [&]() -> Result<HttpRequest> { return request; },
      [&](const HttpResponse& seen) -> std::optional<Refusal> {
        if (seen.status == 200) return std::nullopt;
        return Refusal{not_answered("the container's agent at " + url->authority, seen.status),
                       seen.status >= 500 || seen.status == 429};
      }));
  return found(TRY(credentials_of_json(answer.secret_body, "the container's agent")));
}

namespace {

/// Questions to the instance metadata service, each with the token of version 2.
class InstanceMetadata {
 public:
  InstanceMetadata(const Context& context, const Surroundings& around)
      : m_context(context),
        m_around(around),
        m_timeout(std::chrono::seconds(number_in(around, "AWS_METADATA_SERVICE_TIMEOUT", 1))),
        m_attempts(number_in(around, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", 1)) {
    m_base = variable(around, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    while (m_base.ends_with('/')) m_base.pop_back();
    if (m_base.empty())
      m_base = variable(around, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") == "IPv6" ? "http://[fd00:ec2::254]"
                                                                                    : "http://169.254.169.254";
  }

  const std::string& base() const { return m_base; }

  /// Few machines are AWS's: who does not answer at once is none of them.
  tl::expected<HttpResponse, HttpFailure> ask(const std::string& method, const std::string& path) {
    auto request = request_to(m_base + path, m_timeout);
    request.method = method;
    if (m_token.empty())
      request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "21600"}};
    else
      request.secret_headers = {{"X-aws-ec2-metadata-token", &m_token}};
    for (int left = m_attempts;; --left) {
      auto answer = m_around.http.send(m_context, request);
      if ((answer && answer->status < 500) || left <= 1) return answer;
    }
  }
  void use(SecretBuffer token) { m_token = std::move(token); }

 private:
  const Context& m_context;
  const Surroundings& m_around;
  Duration m_timeout;
  int m_attempts;
  std::string m_base;
  SecretBuffer m_token;
};

}  // namespace

Result<Found> of_instance(const Context& context, const Surroundings& around) {
  if (variable(around, "AWS_EC2_METADATA_DISABLED") == "true") return nothing("AWS_EC2_METADATA_DISABLED is true");
  InstanceMetadata metadata(context, around);
  auto token = metadata.ask("PUT", "/latest/api/token");
  if (!token) {
    if (token.error().error.code == ErrorCode::cancelled) return std::move(token.error().error);
    return nothing(fmt::format("nobody answers at {}", metadata.base()));
  }
  // 403: switched off; 404 and 405: version 1 alone, which hands credentials to whoever can make a program ask.
  if (token->status != 200)
    return nothing(fmt::format("{} answered {} to the question for a token", metadata.base(), token->status));
  metadata.use(std::move(token->secret_body));
  const std::string path = "/latest/meta-data/iam/security-credentials/";
  const auto failed = [&](const tl::expected<HttpResponse, HttpFailure>& answer) -> Error {
    return answer ? not_answered("the instance metadata service", answer->status) : answer.error().error;
  };
  const auto roles = metadata.ask("GET", path);
  if (roles && roles->status == 404) return nothing("this machine has no role");
  if (!roles || roles->status != 200) return failed(roles);
  const auto text = trimmed(roles->secret_body.view());
  const std::string role(text.substr(0, text.find('\n')));
  const auto answer = metadata.ask("GET", path + percent_encoded(role));
  if (!answer || answer->status != 200) return failed(answer);
  return found(
      TRY(credentials_of_json(answer->secret_body, fmt::format("the machine's role {}", cloud::quoted(role, 64)))));
}

}  // namespace trunkform::cloud::aws
