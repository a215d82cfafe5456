// Who may be told: the one place that decides where alerts and their credentials go, and which programs run for them
// (docs/security.md).
#include <fmt/format.h>

#include "cmd/trunkform/alerting.hpp"
#include "cmd/trunkform/trusted_program.hpp"
#include "planner/language/configuration/alert_template.hpp"
#include "providers/notify/registry.hpp"
#include "schemas/model/shell_word.hpp"
#include "schemas/model/url.hpp"

namespace trunkform::cli {
namespace {

constexpr std::uint64_t k_largest_template = 1U << 20;

/// An address that is a secret is the operator's: the trust file lets it be read. What it is must hold all the same.
Result<> check_secret_url(std::string_view url, const engine::Trust& trust) {
  const auto parts = parse_url(url);
  if (!parts)
    return Error(ErrorCode::invalid_input, "the secret that the url names is not an http or https address")
        .hint("look at the variable or file: scheme, host and path, without a user name");
  if (parts->scheme == "https") return {};
  if (is_loopback(parts->host) && trust.trusts_loopback()) return {};
  return Error(ErrorCode::untrusted, "alerts do not go over plain http", "anybody on the way could read them")
      .hint("use an https:// address; on the loopback, set TRUNKFORM_TRUST_LOOPBACK=1");
}

bool is_own_template(const WebhookSettings& settings) { return settings.form.find_first_of("./") != std::string::npos; }

Result<language::SourceFile> read_template(const World& world, const WebhookSettings& settings) {
  auto text = TRY(world.files.read_beneath(world.folder, settings.form, k_largest_template));
  return language::SourceFile{settings.form, std::move(text)};
}

/// As a problem is told, and as its end is.
Result<> try_template(const World& world, const WebhookSettings& settings) {
  const auto file = TRY(read_template(world, settings));
  Alert alert;
  alert.summary = "this is a test: nothing happened";
  alert.time = world.clock.now();
  for (const bool resolved : {false, true}) {
    alert.resolved = resolved;
    TRY(language::render_alert(file, alert));
  }
  return {};
}

/// Whether the operator allows what one block asks for; the visitor of its settings. Reads no secret.
struct Permission {
  World& world;
  Session& session;
  const engine::Trust& trust;

  Result<> of_secret(const std::string& reference) const {
    return reference.empty() ? Result<>() : session.check_secret(reference);
  }

  Result<> operator()(const WebhookSettings& settings) const {
    if (settings.url.secret.empty()) TRY(trust.allow_host(settings.url.text, "webhook"));
    TRY(of_secret(settings.url.secret));
    return of_secret(settings.secret);
  }

  Result<> operator()(const EmailSettings& settings) const {
    if (settings.starttls == StartTls::off && !is_loopback(settings.host))
      return Error(ErrorCode::untrusted, fmt::format("mail does not go to {} without TLS", settings.host),
                   "anybody on the way could read it, and the password")
          .hint("leave starttls out: it is demanded then");
    TRY(trust.allow_host(fmt::format("https://{}:{}", settings.host, settings.port), "smtp"));
    return of_secret(settings.password);
  }

  Result<> operator()(const CommandSettings& settings) const {
    TRY(trusted_program(world, trust, settings.command));
    return {};
  }
};

/// Opens one block that is allowed; the visitor of its settings.
struct Opening {
  World& world;
  Session& session;
  const engine::Trust& trust;
  notify::Surroundings& around;

  Result<> operator()(const WebhookSettings& settings) const {
    if (!settings.url.secret.empty()) {
      around.url = TRY(session.secret(settings.url.secret));
      TRY(check_secret_url(around.url.view(), trust));
    }
    if (!settings.secret.empty()) around.secret = TRY(session.secret(settings.secret));
    if (!is_own_template(settings)) return {};
    auto file = TRY(read_template(world, settings));
    around.render = [file = std::move(file)](const Alert& alert) { return language::render_alert(file, alert); };
    return {};
  }

  Result<> operator()(const EmailSettings& settings) const {
    if (!settings.password.empty()) around.secret = TRY(session.secret(settings.password));
    return {};
  }

  Result<> operator()(const CommandSettings& settings) const {
    around.program = TRY(trusted_program(world, trust, settings.command));
    return {};
  }
};

}  // namespace

Result<> may_notify(World& world, Session& session, const NotifyBlock& block) {
  const auto* trust = TRY(session.trust());
  return std::visit(Permission{world, session, *trust}, block.settings);
}

Result<std::unique_ptr<Notifier>> open_notifier(World& world, Session& session, const NotifyBlock& block) {
  TRY(may_notify(world, session, block));
  notify::Surroundings around{world.http, world.clock, world.outlets.mail, world.outlets.programs, {}, {}, {}, {}};
  const auto* trust = TRY(session.trust());
  TRY(std::visit(Opening{world, session, *trust, around}, block.settings));
  return notify::make_notifier(block, std::move(around));
}

std::vector<Error> check_templates(const World& world, const std::vector<NotifyBlock>& blocks) {
  std::vector<Error> errors;
  for (const auto& block : blocks) {
    const auto* webhook = std::get_if<WebhookSettings>(&block.settings);
    if (webhook == nullptr || !is_own_template(*webhook)) continue;
    auto rendered = try_template(world, *webhook);
    if (rendered) continue;
    errors.push_back(std::move(rendered.error()));
    errors.back().address = block.address;
    if (!errors.back().source) errors.back().source = block.source;
    errors.back().hints.push_back(fmt::format("mend {}, then see what arrives: trunkform notify test {}", webhook->form,
                                              shell_quoted(block.address)));
  }
  return errors;
}

}  // namespace trunkform::cli
