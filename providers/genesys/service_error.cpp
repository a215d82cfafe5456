#include "providers/genesys/service_error.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/json_text.hpp"

namespace trunkform::genesys {
namespace {

/// The guide's words (Edge Cases 1 and 2, Traps of section 3), lower case, with what they mean.
struct Explanation {
  std::string_view words;
  std::string_view meaning;
  std::string_view hint;
};
constexpr std::array<Explanation, 4> k_explanations{{
    {"invalid key format",
     "the service could not read the private key: it is encrypted, not PKCS#8, or of another certificate",
     "export it unencrypted: openssl pkcs8 -topk8 -nocrypt -in KEY.pem -out KEY.pkcs8.pem"},
    {"certificate chain incomplete", "an intermediate certificate between the leaf and the root is missing",
     "add the CA's intermediates to the chain, then look: trunkform certificate check CHAIN.pem"},
    {"certificate expired", "the certificate that was sent has ended",
     "see its dates: trunkform certificate show CHAIN.pem, and renew it at its source"},
    {"tls handshake failed", "the service could not finish a TLS handshake with the certificate on this trunk",
     "see what the trunk serves: trunkform verify"},
}};

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), [](unsigned char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c);
  });
  return copy;
}

ErrorCode code_of_status(int status, std::string_view message) {
  if (is_version_conflict(status, message)) return ErrorCode::conflict;
  if (status == 401 || status == 403) return ErrorCode::denied;
  if (status == 404) return ErrorCode::not_found;
  if (status == 429) return ErrorCode::throttled;
  if (status < 400) return ErrorCode::protocol;
  if (status >= 500 && status != 501) return ErrorCode::unavailable;
  return ErrorCode::rejected;
}

void explain(Error& error, int status, const CallName& call, std::string_view message) {
  const auto words = lower(message);
  for (const auto& explanation : k_explanations)
    if (words.find(explanation.words) != std::string::npos) {
      error.detail = explanation.meaning;
      error.hints.emplace_back(explanation.hint);
    }
  if (status == 401)
    error.hints.emplace_back("check the client id and secret (or the access token), and that they are of this region");
  if (status == 403 && call.method == "GET")
    error.hints.emplace_back("give the OAuth client a role with the permission Telephony > Trunk > View");
  if (status == 403 && call.method != "GET")
    error.hints.emplace_back("give the OAuth client a role with the permission Telephony > Trunk > Edit");
  if (status == 429)
    error.hints.emplace_back(
        "run the command again later; where other programs use this OAuth client, lower requests_per_minute or give "
        "each its own");
  if (status >= 500)
    error.hints.emplace_back(
        "run the command again when the service works; its status page and support know more, by the correlation id");
  // What a missing trunk means, the caller knows better.
  if (error.hints.empty() && status != 404)
    error.hints.emplace_back(
        call.method == "PATCH" ? "see what the trunk has now: trunkform plan"
                               : "ask the vendor's support what refused this call; they find it by its correlation id");
}

std::string correlation(const std::string& id) {
  return id.empty() ? std::string() : fmt::format(" (correlation id {})", cloud::quoted(id, 64));
}

std::string_view content_type(const HttpResponse& response) {
  const auto* type = response.header("Content-Type");
  return type == nullptr ? std::string_view("no content type") : std::string_view(*type);
}

bool looks_like_html(std::string_view body) {
  const auto start = body.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && body[start] == '<';
}

}  // namespace

ServiceMessage read_message(const HttpResponse& response) {
  ServiceMessage seen;
  const auto body = response.secret_body.empty() ? std::string_view(response.body) : response.secret_body.view();
  const auto fields =
      cloud::string_fields(body, {"message", "code", "contextId", "error", "error_description", "description"});
  seen.message = fields[0];
  seen.code = fields[1].empty() ? fields[3] : fields[1];
  if (seen.message.empty()) seen.message = fields[4].empty() ? fields[5] : fields[4];
  if (seen.message.empty()) seen.message = fields[3];
  const auto* id = response.header("ININ-Correlation-Id");
  seen.correlation_id = id != nullptr ? *id : fields[2];
  return seen;
}

bool is_version_conflict(int status, std::string_view message) {
  if (status == 409) return true;
  if (status != 400) return false;
  const auto words = lower(message);
  return words.find("version") != std::string::npos &&
         (words.find("does not match") != std::string::npos || words.find("current version") != std::string::npos);
}

Error answered_error(const CallName& call, const HttpResponse& response) {
  const auto seen = read_message(response);
  auto summary = fmt::format("{} {} answered {}", call.method, call.path, response.status);
  if (response.status >= 300 && response.status < 400) {
    const auto* target = response.header("Location");
    summary += fmt::format(", a redirect to {}", target == nullptr ? "nowhere" : cloud::quoted(*target));
    return Error(ErrorCode::protocol, summary + correlation(seen.correlation_id),
                 "redirects are not followed, so that no credential leaves its origin")
        .hint("check base_url: it must be the API's own address");
  }
  if (!seen.message.empty())
    summary += ": " + cloud::quoted(seen.message);
  else if (looks_like_html(response.body))
    summary += " with an HTML page";
  Error error(code_of_status(response.status, seen.message), summary + correlation(seen.correlation_id));
  explain(error, response.status, call, seen.message);
  return error;
}

Error lying_answer(const CallName& call, const HttpResponse& response, std::string_view what) {
  const auto seen = read_message(response);
  const bool html = looks_like_html(response.body);
  Error error(ErrorCode::protocol,
              fmt::format("{} {} answered {} with {}{}", call.method, call.path, response.status,
                          html ? std::string_view("an HTML page") : what, correlation(seen.correlation_id)),
              fmt::format("{}, {} bytes, beginning {}", content_type(response).substr(0, 80), response.body.size(),
                          cloud::quoted(response.body, 100)));
  error.hints.emplace_back(html ? "a proxy or a login page may stand in between: check base_url and the proxy settings"
                                : "check base_url: it must be the API's own address");
  return error;
}

}  // namespace trunkform::genesys
