#include "planner/language/configuration/notify.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trunkform::language {
namespace {

Error mistake(const BodyReader& reader, std::string_view argument, std::string summary, std::string detail = {}) {
  return Error(ErrorCode::invalid_input, std::move(summary), std::move(detail)).at(reader.range(argument));
}

UrlSetting read_url(BodyReader& reader) {
  UrlSetting url;
  if (reader.is_object("url")) {
    std::optional<Secret> secret;
    if (reader.read("url", secret)) url.secret = to_string(*secret);
    return url;
  }
  if (!reader.read("url", url.text)) return url;
  const bool odd =
      std::any_of(url.text.begin(), url.text.end(), [](unsigned char c) { return c <= 0x20 || c == 0x7F; });
  if (odd || (!url.text.starts_with("https://") && !url.text.starts_with("http://")))
    reader.fail(mistake(reader, "url", "url must be an address such as \"https://ops.example.com/hook\"",
                        odd ? "it has a blank or a control character" : "it does not begin with https://")
                    .hint("write the whole address, as the receiver's own page shows it"));
  return url;
}

std::string read_secret(BodyReader& reader, std::string_view name) {
  std::optional<Secret> secret;
  return reader.read(name, secret) ? to_string(*secret) : std::string();
}

WebhookSettings read_webhook(BodyReader& reader) {
  static const std::vector<std::string> k_forms{"json", "slack", "teams", "pagerduty", "opsgenie"};
  WebhookSettings settings;
  settings.url = read_url(reader);
  settings.secret = read_secret(reader, "secret");
  reader.read("headers", settings.headers);
  if (!reader.read("template", settings.form)) return settings;
  const bool is_form = std::find(k_forms.begin(), k_forms.end(), settings.form) != k_forms.end();
  if (!is_form && settings.form.find_first_of("./") == std::string::npos)
    reader.fail(suggest(mistake(reader, "template", fmt::format("there is no template {}", quoted(settings.form)),
                                fmt::format("there are {}", fmt::join(k_forms, ", "))),
                        settings.form, k_forms)
                    .hint("a file of your own has a dot in its name: \"alert.json.tmpl\""));
  const bool needs_key = settings.form == "pagerduty" || settings.form == "opsgenie";
  if (needs_key && !reader.has("secret"))
    reader.fail(mistake(reader, "template", fmt::format("the template {} needs a secret", settings.form),
                        "it is the routing key of PagerDuty, or the API key of Opsgenie")
                    .hint("add \"secret\": {\"env\": \"NAME\"}"));
  return settings;
}

EmailSettings read_email(BodyReader& reader) {
  EmailSettings settings;
  reader.read("from", settings.from);
  reader.read("to", settings.to);
  if (const auto* smtp = reader.body().block("smtp")) {
    auto nested = reader.within(*smtp);
    nested.read("host", settings.host);
    nested.read("port", settings.port);
    nested.read("user", settings.user);
    settings.password = read_secret(nested, "password");
    bool starttls = true;
    nested.read("starttls", starttls);
    settings.starttls = starttls ? StartTls::required : StartTls::off;
    if (settings.user.empty() != settings.password.empty() && nested.is_complete())
      nested.fail(mistake(nested, settings.user.empty() ? "password" : "user", "user and password belong together")
                      .hint("give both, or neither"));
    reader.merge(nested);
  }
  return settings;
}

CommandSettings read_command(BodyReader& reader) {
  CommandSettings settings;
  if (!reader.read("command", settings.command)) return settings;
  if (settings.command.empty() || !settings.command.front().starts_with('/'))
    reader.fail(
        mistake(reader, "command", "command must begin with the whole path of a program",
                settings.command.empty() ? "it is empty" : fmt::format("{} is none", quoted(settings.command.front())))
            .hint("write [\"/opt/alerts/page\", \"ARGUMENT\"]: no shell is between, and PATH is not searched"));
  return settings;
}

}  // namespace

NotifyBlock read_notify(BodyReader& reader, const std::string& type) {
  NotifyBlock block;
  block.address = reader.address();
  block.source = reader.body().where.range();
  std::vector<std::string> words;
  if (reader.read("on", words))
    for (const auto& word : words)
      if (const auto kind = parse_alert_kind(word)) block.on.push_back(*kind);
  if (reader.has("on") && words.empty() && reader.is_complete())
    reader.fail(mistake(reader, "on", "on has no kind of alert").hint("leave it out: then all kinds are sent"));
  if (type == "webhook") block.settings = read_webhook(reader);
  if (type == "email") block.settings = read_email(reader);
  if (type == "command") block.settings = read_command(reader);
  return block;
}

void read_metrics(BodyReader& reader, const std::string& type, MetricsSettings& metrics) {
  const auto source = reader.body().where.range();
  if (type == "ping") {
    auto url = read_url(reader);
    if (reader.is_complete()) metrics.ping = {std::move(url), source};
    return;
  }
  std::string path;
  if (!reader.read("path", path)) return;
  if (!path.ends_with(".prom")) {
    reader.fail(mistake(reader, "path", "path must end in .prom",
                        "what collects such files reads no others, and no other file may be overwritten")
                    .hint("write \"metrics/trunkform.prom\""));
    return;
  }
  metrics.textfile = {std::move(path), source};
}

}  // namespace trunkform::language
