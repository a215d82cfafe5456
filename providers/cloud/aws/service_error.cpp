#include "providers/cloud/aws/service_error.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/cloud/secret_xml.hpp"

namespace trunkform::cloud::aws {
namespace {

template <std::size_t Size>
bool is_one_of(const std::array<std::string_view, Size>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// The codes are those that AWS's SDKs repeat ("Retry behavior", AWS SDKs and Tools Reference Guide).
constexpr std::array<std::string_view, 13> k_throttling{"Throttling",
                                                        "ThrottlingException",
                                                        "ThrottledException",
                                                        "RequestThrottled",
                                                        "RequestThrottledException",
                                                        "TooManyRequestsException",
                                                        "ProvisionedThroughputExceededException",
                                                        "TransactionInProgressException",
                                                        "RequestLimitExceeded",
                                                        "BandwidthLimitExceeded",
                                                        "PriorRequestNotComplete",
                                                        "SlowDown",
                                                        "EC2ThrottledException"};
constexpr std::array<std::string_view, 6> k_passing{"RequestTimeout",       "RequestTimeoutException",
                                                    "InternalServiceError", "InternalServerError",
                                                    "InternalFailure",      "ServiceUnavailableException"};
constexpr std::array<std::string_view, 9> k_credentials{
    "ExpiredToken",       "ExpiredTokenException",       "InvalidClientTokenId",
    "InvalidAccessKeyId", "UnrecognizedClientException", "AuthFailure",
    "InvalidToken",       "MissingAuthenticationToken",  "MissingAuthenticationTokenException"};
constexpr std::array<std::string_view, 4> k_signature{"SignatureDoesNotMatch", "InvalidSignatureException",
                                                      "RequestTimeTooSkewed", "RequestExpired"};
constexpr std::array<std::string_view, 3> k_denied{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"};
constexpr std::array<std::string_view, 3> k_absent{"ResourceNotFoundException", "NoSuchKey", "NoSuchBucket"};

/// `com.amazonaws.acm#Name:http://…`, as some services write it.
std::string plain_code(std::string code) {
  if (const auto colon = code.find(':'); colon != std::string::npos) code.resize(colon);
  if (const auto hash = code.rfind('#'); hash != std::string::npos) code.erase(0, hash + 1);
  return code;
}

std::string first_of(std::initializer_list<std::optional<std::string>> texts) {
  for (const auto& text : texts)
    if (text && !text->empty()) return *text;
  return {};
}

std::optional<std::string> header_of(const HttpResponse& answer, std::string_view name) {
  const auto* value = answer.header(name);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

Refusal judged(ErrorCode code, bool passes, const std::string& said) { return {Error(code, said), passes}; }

Refusal judge(const ServiceWords& words, int status, const std::string& said) {
  if (status == 429 || is_one_of(k_throttling, words.code)) return judged(ErrorCode::throttled, true, said);
  if (is_about_credentials(words)) {
    auto refusal = judged(ErrorCode::denied, false, said);
    refusal.error.hints.emplace_back(
        "the credentials are expired, revoked or of another partition: get new ones, and "
        "see who they are with: aws sts get-caller-identity");
    return refusal;
  }
  if (is_one_of(k_signature, words.code)) {
    auto refusal = judged(ErrorCode::denied, false, said);
    refusal.error.hints.emplace_back(
        "check the secret access key, and this machine's clock: a signature is good for five minutes");
    return refusal;
  }
  if (is_one_of(k_denied, words.code) || status == 401 || status == 403) {
    auto refusal = judged(ErrorCode::denied, false, said);
    refusal.error.hints.emplace_back(
        "the policy of whoever this run is must allow it: docs/permissions.md has the least");
    return refusal;
  }
  if (is_one_of(k_absent, words.code) || status == 404) return judged(ErrorCode::not_found, false, said);
  if (status >= 500 || is_one_of(k_passing, words.code)) {
    auto refusal = judged(ErrorCode::unavailable, true, said);
    refusal.may_have_done = true;
    return refusal;
  }
  return judged(status >= 400 ? ErrorCode::rejected : ErrorCode::protocol, false, said);
}

}  // namespace

ServiceWords words_of(const HttpResponse& answer) {
  ServiceWords words;
  // A service that speaks JSON has its signatures checked by something that speaks XML.
  if (trimmed(answer.secret_body.view()).starts_with('<')) {
    const SecretXml xml(answer.secret_body);
    words = {xml.text("Code").value_or(""), xml.text("Message").value_or(""),
             first_of({xml.text("RequestId"), xml.text("RequestID")})};
  } else {
    SecretJson json(answer.secret_body);
    words = {first_of({json.text({"__type"}), json.text({"code"}), header_of(answer, "x-amzn-errortype")}),
             first_of({json.text({"message"}), json.text({"Message"}), json.text({"errorMessage"})}),
             {}};
  }
  words.code = plain_code(std::move(words.code));
  words.request_id =
      first_of({header_of(answer, "x-amzn-requestid"), header_of(answer, "x-amz-request-id"), words.request_id});
  return words;
}

bool is_about_credentials(const ServiceWords& words) { return is_one_of(k_credentials, words.code); }

std::optional<Refusal> refusal_of(const std::string& call, const HttpResponse& answer) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  const auto words = words_of(answer);
  std::string said = fmt::format("{} answered {}", call, answer.status);
  if (!words.code.empty()) said += fmt::format(" {}", cloud::quoted(words.code, 80));
  if (!words.message.empty()) said += fmt::format(": {}", cloud::quoted(words.message, 400));
  auto refusal = judge(words, answer.status, said);
  if (!words.request_id.empty())
    refusal.error.detail = fmt::format("request id {}", cloud::quoted(words.request_id, 80));
  return refusal;
}

}  // namespace trunkform::cloud::aws
