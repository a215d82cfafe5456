#pragma once
// An AWS client over a scripted service.
#include <optional>

#include "providers/cloud/aws/client.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"

namespace trunkform {

inline const Context k_any;

struct AwsBench {
  platform::SimulatedClock clock{*parse_rfc3339("2026-11-27T20:00:00Z")};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  int credentials_found = 0;
  cloud::aws::CredentialKeeper keeper{[this](const Context&) -> Result<cloud::aws::Credentials> {
                                        cloud::aws::Credentials credentials;
                                        credentials.access_key_id = "AKID" + std::to_string(++credentials_found);
                                        credentials.secret_access_key = SecretBuffer::copy_of("canary-access-key");
                                        credentials.session_token = SecretBuffer::copy_of("canary-session");
                                        return credentials;
                                      },
                                      clock};
  cloud::aws::Client client{{"eu-central-1",
                             [](const std::string& service, const std::string& region) -> Result<std::string> {
                               return "https://" + service + "." + region + ".amazonaws.com";
                             }},
                            keeper,
                            http,
                            clock,
                            random};

  /// Answers by the operation that `X-Amz-Target` names.
  void serve(std::function<platform::HttpAnswer(const std::string& operation, const std::string& body)> answer) {
    http.handle([answer = std::move(answer)](const platform::SentRequest& request) {
      return answer(operation_of(request), request.body);
    });
  }
  static std::string operation_of(const platform::SentRequest& request) {
    for (const auto& header : request.headers)
      if (header.name == "X-Amz-Target") return header.value.substr(header.value.find('.') + 1);
    return {};
  }
  std::vector<std::string> operations() const {
    std::vector<std::string> all;
    for (const auto& request : http.sent()) all.push_back(operation_of(request));
    return all;
  }
};

/// As a JSON string, with its quotes.
inline std::string json_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '\n' ? std::string("\\n") : c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  return quoted + "\"";
}

/// As a service of AWS refuses.
inline HttpResponse refusal(int status, const std::string& code, const std::string& message,
                            std::vector<HttpHeader> headers = {}) {
  headers.push_back({"x-amzn-RequestId", "the-id"});
  return platform::http_response(status, R"({"__type":")" + code + R"(","message":")" + message + "\"}",
                                 std::move(headers));
}

}  // namespace trunkform
