#include "providers/notify/webhook/notifier.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/secret_text.hpp"
#include "providers/notify/webhook/forms.hpp"
#include "schemas/codec/hmac.hpp"

namespace trunkform::notify {
namespace {

constexpr Duration k_timeout = std::chrono::seconds(15);
constexpr std::uint64_t k_answer_limit = 64U << 10;

using Body = std::string (*)(const Alert&);

/// What the secret of a webhook is for.
enum class Key { signs, routes, authorizes };

struct Form {
  std::string_view word;
  Body body;
  Key key;
};
// A form of another receiver: one line.
constexpr Form k_forms[] = {
    {"json", json_body, Key::signs},
    {"slack", slack_body, Key::signs},
    {"teams", teams_body, Key::signs},
    {"pagerduty", pagerduty_body, Key::routes},
    {"opsgenie", opsgenie_body, Key::authorizes},
};

const Form* find_form(std::string_view word) {
  const auto* found =
      std::find_if(std::begin(k_forms), std::end(k_forms), [&](const Form& f) { return f.word == word; });
  return found == std::end(k_forms) ? nullptr : found;
}

/// RFC 9110 §5.6.2.
bool is_token(std::string_view text) {
  static constexpr std::string_view k_more = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           k_more.find(c) != std::string_view::npos;
  });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

Result<> check_header(const std::string& name, const std::string& value) {
  static const std::vector<std::string> k_ours{"host", "content-length", "transfer-encoding",    "connection", "expect",
                                               "te",   "upgrade",        "x-trunkform-signature"};
  const bool controls =
      std::any_of(value.begin(), value.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; });
  if (!is_token(name) || controls)
    return Error(ErrorCode::invalid_input, "a header has a character that no header may have")
        .hint("a name has letters, digits and hyphens; a value has no line break");
  if (std::find(k_ours.begin(), k_ours.end(), lower(name)) != k_ours.end())
    return Error(ErrorCode::invalid_input, fmt::format("the header {} is not for a configuration to set", name))
        .hint("remove it from headers");
  return {};
}

/// A key is put between quotes and behind `GenieKey `: only characters that need no escape.
bool is_plain_key(std::string_view key) {
  return std::all_of(key.begin(), key.end(),
                     [](unsigned char c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; });
}

class Webhook final : public Notifier {
 public:
  Webhook(WebhookSettings settings, const Form* form, Surroundings around)
      : m_settings(std::move(settings)), m_form(form), m_around(std::move(around)) {}

  Result<> send(const Context& context, const Alert& alert) override {
    HttpRequest request;
    request.method = "POST";
    request.url = m_around.url.empty() ? m_settings.url.text : std::string(m_around.url.view());
    request.secret_url = true;
    request.timeout = k_timeout;
    request.body_limit = k_answer_limit;
    request.body = m_form != nullptr ? m_form->body(alert) : TRY(m_around.render(alert));
    if (m_form != nullptr && m_form->key == Key::authorizes) request.url += opsgenie_path(alert);
    add_headers(request);
    const auto authorization = m_form != nullptr && m_form->key == Key::authorizes
                                   ? cloud::joined({"GenieKey ", m_around.secret.view()})
                                   : SecretBuffer();
    if (!authorization.empty()) request.authorization = &authorization;
    SecretBuffer routed;
    if (m_form != nullptr && m_form->key == Key::routes) {
      routed = cloud::joined({"{\"routing_key\":\"", m_around.secret.view(), "\",", request.body.substr(1)});
      request.secret_body = &routed;
    }
    auto answer = m_around.http.send(context, request);
    auto result = judged(answer, shown_url(request));
    if (!m_around.url.empty()) wipe(request.url.data(), request.url.size());
    return result;
  }

 private:
  const WebhookSettings m_settings;
  const Form* m_form;  ///< null: a file of the user's
  const Surroundings m_around;

  void add_headers(HttpRequest& request) const {
    bool has_type = false;
    for (const auto& [name, value] : m_settings.headers) {
      request.headers.push_back({name, value});
      has_type = has_type || lower(name) == "content-type";
    }
    if (!has_type) request.headers.push_back({"Content-Type", "application/json"});
    const bool signs = m_form == nullptr || m_form->key == Key::signs;
    if (signs && !m_around.secret.empty())
      request.headers.push_back(
          {"X-Trunkform-Signature", signature(m_around.secret, request.body, m_around.clock.now())});
  }

  static Result<> judged(tl::expected<HttpResponse, HttpFailure>& answer, const std::string& where) {
    if (!answer) return std::move(answer.error().error);
    const auto status = answer->status;
    if (status >= 200 && status < 300) return {};
    auto code = ErrorCode::rejected;
    if (status == 429) code = ErrorCode::throttled;
    if (status == 408 || status >= 500) code = ErrorCode::unavailable;
    if (status == 401 || status == 403) code = ErrorCode::denied;
    // What it answers is foreign, and may repeat what was sent to it: its length is all that is told.
    Error error(code, fmt::format("{} answered {}", where, status),
                answer->body.empty() ? std::string() : fmt::format("with {} bytes", answer->body.size()));
    if (const auto* wait = answer->header("Retry-After")) {
      const bool digits = !wait->empty() && wait->size() < 7 &&
                          std::all_of(wait->begin(), wait->end(), [](char c) { return c >= '0' && c <= '9'; });
      if (digits) error.retry_after = std::chrono::seconds(std::stol(*wait));
    }
    if (status >= 300 && status < 400)
      error.hints.emplace_back("write the address that it redirects to; none is followed");
    if (status == 404 || status == 410)
      error.hints.emplace_back("the webhook may have been removed there: make a new one");
    return error;
  }
};

}  // namespace

std::string signature(const SecretBuffer& key, std::string_view body, Instant now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  return fmt::format("t={},v1={}", seconds, to_hex(hmac_sha256(key, fmt::format("{}.{}", seconds, body))));
}

Result<std::unique_ptr<Notifier>> make_webhook(const WebhookSettings& settings, Surroundings surroundings) {
  const auto* form = find_form(settings.form);
  if (form == nullptr && !surroundings.render)
    return Error(ErrorCode::invalid_input, fmt::format("there is no form {} of a webhook", settings.form));
  for (const auto& [name, value] : settings.headers) TRY(check_header(name, value));
  if (form != nullptr && form->key != Key::signs) {
    if (surroundings.secret.empty())
      return Error(ErrorCode::invalid_input, fmt::format("the form {} needs a key", settings.form))
          .hint("add \"secret\": {\"env\": \"NAME\"}: the routing key of PagerDuty, or the API key of Opsgenie");
    if (!is_plain_key(surroundings.secret.view()))
      return Error(ErrorCode::invalid_input, "the key has a character that no key has")
          .hint("look for a space or a line break in the variable or file that has it");
  }
  return std::make_unique<Webhook>(settings, form, std::move(surroundings));
}

}  // namespace trunkform::notify
