#include "providers/issuers/acme/make.hpp"

#include "providers/cloud/secret_json.hpp"
#include "providers/issuers/acme/dns_hook.hpp"
#include "providers/issuers/acme/dns_update.hpp"
#include "providers/issuers/acme/http_responders.hpp"
#include "providers/platform/posix/message_exchange.hpp"
#include "schemas/model/locator.hpp"

namespace trunkform::issuers::acme {
namespace {

constexpr auto k_dns_patience = std::chrono::seconds(15);

/// A list of texts stands in a locator as JSON.
std::vector<std::string> texts_said(const Arguments& arguments, const std::string& name) {
  const auto list = argument_of(arguments, name);
  if (list.empty()) return {};
  return cloud::SecretJson(SecretBuffer::copy_of("{\"texts\":" + list + "}")).texts({"texts"});
}

Error together(const char* one, const char* other) {
  return Error(ErrorCode::invalid_input, std::string(one) + " and " + other + " of an ACME issuer exclude each other")
      .hint("keep one of them");
}

/// Trust lines are of hosts and ports, whatever is spoken there.
std::string address_of_server(const std::string& server) {
  const bool has_port = server.find(':') != std::string::npos && !server.ends_with(']');
  return "https://" + server + (has_port ? "" : ":53");
}

std::unique_ptr<Responder> dns_update(const Arguments& arguments, const Surroundings& around, Duration wait) {
  DnsUpdatePlace place{argument_of(arguments, "dns_01.rfc2136.server"), argument_of(arguments, "dns_01.rfc2136.zone"),
                       argument_of(arguments, "dns_01.rfc2136.key_name"), argument_of(arguments, "dns_01.rfc2136.key"),
                       wait};
  DnsUpdate::Ports ports;
  ports.secret = around.may.secret;
  ports.may_go_to = [host = around.may.host](const std::string& server) {
    return host(address_of_server(server), "acme");
  };
  ports.exchange = [](const Context& context, const std::string& server, const std::string& message) {
    return platform::exchange_message(context, server, message, k_dns_patience);
  };
  return std::make_unique<DnsUpdate>(std::move(place), std::move(ports), around.clock, around.random);
}

Result<std::unique_ptr<Responder>> dns_responder(const Arguments& arguments, const Surroundings& around) {
  const auto wait = parse_duration(argument_of(arguments, "dns_01.wait", "30s")).value_or(std::chrono::seconds(30));
  auto hook = texts_said(arguments, "dns_01.hook");
  const bool has_server = !argument_of(arguments, "dns_01.rfc2136.server").empty();
  if (has_server && !hook.empty()) return together("`hook`", "`rfc2136`");
  if (has_server) return dns_update(arguments, around, wait);
  if (hook.empty())
    return Error(ErrorCode::invalid_input, "dns_01 of an ACME issuer names neither a program nor a server")
        .hint("give `hook` the program that writes records, or `rfc2136` the server that takes updates");
  return std::unique_ptr<Responder>(
      std::make_unique<DnsHook>(std::move(hook), wait, around.programs, around.clock, around.may.program));
}

std::unique_ptr<Responder> http_responder(const Arguments& arguments, const Surroundings& around) {
  if (const auto webroot = argument_of(arguments, "http_01.webroot"); !webroot.empty()) {
    const auto may_write = [write = around.may.write](const Path& folder) { return write("acme_webroot", folder); };
    const auto folder = std::filesystem::absolute(around.base / webroot).lexically_normal();
    return std::make_unique<WebrootResponder>(folder, around.files, may_write);
  }
  auto listeners = around.listeners ? around.listeners : std::make_shared<Listeners>();
  return std::make_unique<ListeningResponder>(argument_of(arguments, "http_01.listen", "0.0.0.0:80"),
                                              std::move(listeners), around.clock);
}

bool has_any(const Arguments& arguments, std::string_view prefix) {
  const auto found = arguments.lower_bound(std::string(prefix));
  return found != arguments.end() && found->first.starts_with(prefix);
}

Result<std::vector<std::unique_ptr<Responder>>> responders_of(const Arguments& arguments, const Surroundings& around) {
  if (!argument_of(arguments, "http_01.listen").empty() && !argument_of(arguments, "http_01.webroot").empty())
    return together("`listen`", "`webroot`");
  const bool has_dns = has_any(arguments, "dns_01.");
  std::vector<std::unique_ptr<Responder>> responders;
  // What is not said is http-01 by our own listener.
  if (has_any(arguments, "http_01.") || !has_dns) responders.push_back(http_responder(arguments, around));
  if (has_dns) responders.push_back(TRY(dns_responder(arguments, around)));
  return responders;
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): the analyzer loses what a Result holds

/// What of the trust file a plan can tell beyond each name's proof.
Result<> is_allowed(const Arguments& arguments, const Permissions& may, const Path& base) {
  TRY(may.host(argument_of(arguments, "directory"), "acme"));
  for (const auto* name : {"account_key", "external_account.hmac_key", "dns_01.rfc2136.key"})
    if (const auto reference = argument_of(arguments, name); !reference.empty()) TRY(may.readable(reference));
  if (const auto server = argument_of(arguments, "dns_01.rfc2136.server"); !server.empty())
    TRY(may.host(address_of_server(server), "acme"));
  if (const auto webroot = argument_of(arguments, "http_01.webroot"); !webroot.empty())
    TRY(may.write("acme_webroot", std::filesystem::absolute(base / webroot).lexically_normal()));
  return {};
}

}  // namespace

Result<std::unique_ptr<AcmeIssuer>> make(const Arguments& arguments, const Surroundings& around) {
  AcmePlace place;
  place.wire.directory = argument_of(arguments, "directory");
  place.wire.ca_file = around.environment.variable("TRUNKFORM_ACME_CA_FILE").value_or("");
  place.wire.may_go_to = [host = around.may.host](const std::string& url) { return host(url, "acme"); };
  place.account.account_key = argument_of(arguments, "account_key");
  place.account.contact = texts_said(arguments, "contact");
  place.account.external = {argument_of(arguments, "external_account.key_id"),
                            argument_of(arguments, "external_account.hmac_key")};
  place.account.agree_terms = argument_of(arguments, "agree_terms") == "true";
  place.preferred_chain = argument_of(arguments, "preferred_chain");
  if (place.wire.directory.empty() || place.account.account_key.empty())
    return Error(ErrorCode::invalid_input, "issuer.acme needs `directory` and `account_key`");
  place.allowed = [arguments, may = around.may, base = around.base] { return is_allowed(arguments, may, base); };
  auto responders = TRY(responders_of(arguments, around));
  return std::make_unique<AcmeIssuer>(std::move(place), around.may.secret, std::move(responders), around.http,
                                      around.clock, around.random);
}

}  // namespace trunkform::issuers::acme
