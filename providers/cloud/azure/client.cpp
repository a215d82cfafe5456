#include "providers/cloud/azure/client.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "providers/cloud/azure/challenge.hpp"
#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"
#include "schemas/codec/ascii_case.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cloud::azure {
namespace {

constexpr std::uint64_t k_largest_answer = 8U << 20;
constexpr std::string_view k_version = "api-version=7.4";

struct Words {
  std::string code;   ///< the innermost: `SecretDisabled`, `ForbiddenByRbac`
  std::string shown;  ///< `: "…"`
};

Words words_of(const HttpResponse& answer) {
  SecretJson json(answer.secret_body.empty() ? SecretBuffer::copy_of(answer.body) : answer.secret_body.duplicate());
  auto code = json.text({"error", "innererror", "code"});
  if (!code) code = json.text({"error", "innerError", "code"});
  if (!code) code = json.text({"error", "code"});
  auto message = json.text({"error", "message"}).value_or("");
  message.resize(std::min(message.find_first_of("\r\n"), message.size()));
  Words words{code.value_or(""), {}};
  if (!words.code.empty()) words.shown += fmt::format(": {}", quoted(words.code, 64));
  if (!message.empty()) words.shown += fmt::format(": {}", quoted(message, 300));
  return words;
}

std::string hint_for_denied(const std::string& code) {
  if (code == "ForbiddenByFirewall" || code == "ForbiddenByConnection")
    return "the vault's firewall does not let this machine in: az keyvault network-rule add";
  return "give the identity the role \"Key Vault Secrets User\" on the vault: see docs/permissions.md";
}

/// Of the same vault: which page is next is the service's to say, where a token goes is not. The real service writes
/// the port out (`https://sip.vault.azure.net:443/…`), and names in whatever case it likes.
Result<std::string> next_page(const VaultPlace& vault, const std::string& path, const std::string& next) {
  const auto own = fmt::format("{}/{}/versions", vault.address, path);
  const auto here = parse_url(own);
  const auto there = parse_url(next);
  const auto query = next.find('?');
  const bool is_same = here && there && here->scheme == there->scheme && here->host == there->host &&
                       here->port == there->port && lower_case(here->path) == lower_case(there->path);
  if (is_same && query != std::string::npos) return own + next.substr(query);
  return Error(ErrorCode::untrusted, "the list of versions goes on elsewhere: " + quoted(next),
               fmt::format("its pages are at {}", vault.address))
      .hint("see whether something stands between here and the vault");
}

}  // namespace

std::optional<Refusal> refusal_of(const std::string& call, const HttpResponse& answer) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  const auto words = words_of(answer);
  const auto said = fmt::format("{} answered {}{}", call, answer.status, words.shown);
  const auto refused = [&](ErrorCode code, bool passes, std::string hint = {}) {
    Refusal refusal{Error(code, said), passes};
    if (!hint.empty()) refusal.error.hints.push_back(std::move(hint));
    return refusal;
  };
  if (words.code == "SecretDisabled" || words.code == "CertificateDisabled")
    return refused(ErrorCode::not_found, false,
                   "enable it, or a newer version: az keyvault secret set-attributes --enabled true --id ID");
  switch (answer.status) {
    case 401:
      return refused(ErrorCode::denied, false, "check who the credentials belong to: az account show");
    case 403:
      return refused(ErrorCode::denied, false, hint_for_denied(words.code));
    case 404:
      return refused(ErrorCode::not_found, false,
                     "check `vault` and `name`; one that was deleted lately comes back: az keyvault secret recover");
    case 409:
      return refused(ErrorCode::rejected, false,
                     "one of this name was deleted, and still keeps it: az keyvault secret recover, or purge");
    case 429:
      return refused(ErrorCode::throttled, true);
    default:
      break;
  }
  if (answer.status >= 500) {
    auto refusal = refused(ErrorCode::unavailable, true);
    refusal.may_have_done = true;
    return refusal;
  }
  return refused(ErrorCode::protocol, false);
}

Client::Client(Options options, HttpClient& http, Clock& clock, Random& random)
    : m_options(std::move(options)),
      m_caller(m_options.calls, http, clock, random),
      m_tokens(m_options.identity, m_caller, http, random) {}

Result<SignedIn> Client::sign_in(const Context& context, const VaultPlace& vault) {
  auto bearer = TRY(m_tokens.current(context, vault.resource));
  return SignedIn{std::move(bearer), m_tokens.answered()};
}

Result<HttpResponse> Client::send(const Context& context, const VaultPlace& vault, const HttpRequest& wanted,
                                  Repeat repeat) {
  const auto call = fmt::format("{} {}", wanted.method, wanted.url.substr(0, wanted.url.find('?')));
  return m_tokens.with(
      context, vault.resource, [&](const SecretBuffer& bearer, bool& is_unknown) -> Result<HttpResponse> {
        std::optional<Challenge> challenge;
        auto answer = m_caller.call(
            context,
            [&]() -> Result<HttpRequest> {
              auto request = wanted;
              request.authorization = &bearer;
              request.timeout = m_options.timeout;
              request.body_limit = k_largest_answer;
              return request;
            },
            [&](const HttpResponse& seen) {
              is_unknown = seen.status == 401;
              if (const auto* header = seen.header("WWW-Authenticate"); header != nullptr && is_unknown)
                challenge = parse_challenge(*header);
              return refusal_of(call, seen);
            },
            repeat);
        if (!answer && challenge && is_unknown)
          if (auto ours = check_challenge(*challenge, vault, m_tokens.authority()); !ours) {
            is_unknown = false;
            return std::move(ours.error());
          }
        return answer;
      });
}

Result<HttpResponse> Client::get(const Context& context, const VaultPlace& vault, const std::string& url,
                                 Answer answer) {
  HttpRequest request;
  request.url = url;
  request.headers = {{"Accept", "application/json"}};
  request.secret_answer = answer == Answer::secret;
  return send(context, vault, request, Repeat::freely);
}

Result<HttpResponse> Client::write(const Context& context, const std::string& method, const VaultPlace& vault,
                                   const std::string& path, const SecretBuffer& body, Repeat repeat) {
  HttpRequest request;
  request.method = method;
  request.url = fmt::format("{}/{}?{}", vault.address, path, k_version);
  request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
  request.secret_body = &body;
  request.secret_answer = true;
  return send(context, vault, request, repeat);
}

Result<HttpResponse> Client::read(const Context& context, const VaultPlace& vault, const std::string& path) {
  return get(context, vault, fmt::format("{}/{}?{}", vault.address, path, k_version), Answer::secret);
}

Result<std::vector<VersionItem>> Client::versions(const Context& context, const VaultPlace& vault,
                                                  const std::string& path) {
  std::vector<VersionItem> all;
  std::set<std::string> seen;
  auto url = fmt::format("{}/{}/versions?{}", vault.address, path, k_version);
  while (!url.empty()) {
    if (!seen.insert(url).second)
      return Error(ErrorCode::protocol, "the list of versions goes round in a circle: " + quoted(url));
    auto page = TRY(version_page_of(TRY(get(context, vault, url, Answer::plain)).body));
    all.insert(all.end(), std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()));
    url = page.next_link.empty() ? std::string() : TRY(next_page(vault, path, page.next_link));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& one, const auto& other) { return one.created > other.created; });
  return all;
}

}  // namespace trunkform::cloud::azure
