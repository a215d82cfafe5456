#include "planner/language/configuration/policies.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "planner/schedule/window.hpp"

namespace trunkform::language {
namespace {

Error invalid(const BodyReader& reader, std::string_view argument, std::string summary, std::string detail = {}) {
  return Error(ErrorCode::invalid_input, std::move(summary), std::move(detail)).at(reader.range(argument));
}

/// `02:00` → minutes since midnight.
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
  const auto is_digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !is_digit(0) || !is_digit(1) || !is_digit(3) || !is_digit(4))
    return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0';
  const int minute = (text[3] - '0') * 10 + text[4] - '0';
  if (hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute);
}

int day_number(const std::string& day) {
  static const std::vector<std::string> days{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  return static_cast<int>(std::find(days.begin(), days.end(), day) - days.begin());
}

/// What was read and makes no sense; what could not be read was told already.
void check(BodyReader& reader, const Window& window, const std::set<std::string_view>& arguments) {
  for (auto& problem : schedule::check_window(window)) {
    if (!arguments.contains(problem.argument)) continue;
    auto error = std::move(problem.error).at(reader.range(problem.argument));
    reader.fail(problem.argument == "timezone" ? suggest(std::move(error), window.timezone, schedule::time_zone_names())
                                               : std::move(error));
  }
}

Window read_window(BodyReader& reader) {
  Window window;
  std::set<std::string_view> arguments;
  const auto read = [&](std::string_view name, auto& target) {
    const bool is_set = reader.read(name, target);
    if (is_set) arguments.insert(name);
    return is_set;
  };
  std::vector<std::string> days;
  if (read("days", days))
    for (const auto& day : days) window.days.push_back(day_number(day));
  std::sort(window.days.begin(), window.days.end());
  window.days.erase(std::unique(window.days.begin(), window.days.end()), window.days.end());
  std::string start;
  if (read("start", start)) {
    const auto time = time_of_day(start);
    if (!time)
      reader.fail(invalid(reader, "start", "start must be a time of day such as \"02:00\"",
                          fmt::format("{} is none", quoted(start)))
                      .hint("hours and minutes with two digits each, from \"00:00\" to \"23:59\""));
    window.start = time.value_or(std::chrono::minutes(0));
  }
  read("for", window.length);
  read("timezone", window.timezone);
  read("except", window.except);
  check(reader, window, arguments);
  return window;
}

bool is_address_of_version_4(const std::string& host) {
  return host.find_first_not_of("0123456789.") == std::string::npos;
}

/// The address without `sips:`; a port or an address needs no DNS (RFC 3263 §4.2), so such a URI is a host like others.
std::optional<std::string> sips_host(BodyReader& reader, std::string address) {
  const auto colon = address.find(':');
  auto scheme = address.substr(0, colon);
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  if (colon == std::string::npos || (scheme != "sips" && scheme != "sip")) return address;
  auto rest = address.substr(colon + 1);
  const auto digits_alone = !rest.empty() && rest.find_first_not_of("0123456789") == std::string::npos;
  if (digits_alone) return address;  // a host that is called so, and its port
  if (scheme == "sips" && rest.find_first_of("@;?") == std::string::npos) return rest;
  reader.fail(invalid(reader, "address", "address must be a sips URI of a domain alone",
                      fmt::format("{} is none", quoted(address)))
                  .hint("write it like \"sips:example.com\": without user and parameters; sip URIs are not for TLS"));
  return std::nullopt;
}

/// `host`, `host:port`, `[v6]:port`, `sips:domain`.
void read_address(BodyReader& reader, TlsProbePolicy& probe) {
  std::string written;
  if (!reader.read("address", written)) return;
  const auto wrong = [&](std::string detail) {
    reader.fail(invalid(reader, "address", "address must be HOST, HOST:PORT or sips:DOMAIN", std::move(detail))
                    .hint("an IPv6 address stands in brackets: \"[2001:db8::1]:5061\""));
  };
  const auto host = sips_host(reader, written);
  if (!host) return;
  if (host->empty()) return wrong(fmt::format("{} has no host", quoted(written)));
  const auto& address = *host;
  const auto bracket = address.front() == '[' ? address.find(']') : std::string::npos;
  if (address.front() == '[' && bracket == std::string::npos) return wrong("the bracket is not closed");
  const auto colon = address.find(':', bracket == std::string::npos ? 0 : bracket);
  probe.host = bracket == std::string::npos ? address.substr(0, colon) : address.substr(1, bracket - 1);
  if (probe.host.empty() || probe.host.find_first_of(" /@\t\"") != std::string::npos)
    return wrong(fmt::format("{} has no host", quoted(address)));
  if (bracket != std::string::npos && bracket + 1 != address.size() && colon != bracket + 1)
    return wrong("there is text behind the bracket");
  if (colon == std::string::npos) {
    const bool is_domain = bracket == std::string::npos && !is_address_of_version_4(probe.host);
    if (address != written && is_domain) probe.location = Location::sips_domain;
    return;
  }
  const auto digits = address.substr(colon + 1);
  const bool is_number =
      !digits.empty() && digits.size() <= 5 &&
      std::all_of(digits.begin(), digits.end(), [](char byte) { return byte >= '0' && byte <= '9'; });
  const int port = is_number ? std::stoi(digits) : 0;
  if (port < 1 || port > 65535) return wrong(fmt::format("{} is no port", quoted(digits)));
  probe.port = port;
}

bool is_one_of(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char byte) {
    return std::isalnum(byte) != 0 || more.find(static_cast<char>(byte)) != std::string_view::npos;
  });
}

/// `sips:user@host` and `sips:user@host:port`, `sip:` too; no more of RFC 3261 §25.1 than a call needs.
bool is_sip_uri(std::string_view uri) {
  const auto colon = uri.find(':');
  const auto at = uri.find('@');
  if (colon == std::string_view::npos || at == std::string_view::npos || at < colon) return false;
  const auto scheme = uri.substr(0, colon);
  auto host = uri.substr(at + 1);
  if (!(scheme == "sips" || scheme == "sip") || !is_one_of(uri.substr(colon + 1, at - colon - 1), "-_.!~*'()&=+$,%"))
    return false;
  if (host.starts_with('[')) return host.find(']') != std::string_view::npos && is_one_of(host, "[]:.");
  return is_one_of(host, "-.:") && std::count(host.begin(), host.end(), ':') <= 1;
}

/// A lone user belongs to the host that is probed.
bool read_party(BodyReader& reader, std::string_view name, const std::string& host, std::string& party) {
  std::string text;
  if (!reader.read(name, text)) return false;
  const bool is_bare = text.find_first_of(":@") == std::string::npos;
  const auto at_host = host.find(':') == std::string::npos ? host : "[" + host + "]";
  party = is_bare ? fmt::format("sips:{}@{}", text, at_host) : text;
  if (is_sip_uri(party)) return true;
  reader.fail(invalid(reader, name, fmt::format("{} must be a number, a name or a SIP URI", name),
                      fmt::format("{} is none", quoted(text)))
                  .hint("write it like \"+15551234567\" or \"sips:echo@example.com\""));
  return false;
}

CallPolicy read_call(BodyReader& reader, const std::string& host) {
  CallPolicy call;
  read_party(reader, "to", host, call.to);
  read_party(reader, "from", host, call.from);
  reader.read("accept", call.accept);
  reader.read("timeout", call.timeout);
  return call;
}

TlsProbePolicy read_probe(BodyReader& reader) {
  TlsProbePolicy probe;
  read_address(reader, probe);
  reader.read("server_name", probe.server_name);
  reader.read("within", probe.within);
  reader.read("consecutive", probe.consecutive);
  reader.read_word<std::string>("min_version", probe.min_version, {"1.2", "1.3"});
  return probe;
}

}  // namespace

CarrierPolicy read_carrier(BodyReader& reader, const std::string& label) {
  CarrierPolicy policy;
  policy.label = label;
  std::string trust_store;
  if (reader.read("trust_store", trust_store)) {
    if (trust_store.find("-----BEGIN CERTIFICATE-----") == std::string::npos)
      reader.fail(
          invalid(reader, "trust_store", "trust_store holds no certificate", "it is the PEM text itself, not a path")
              .hint("write \"${file(\\\"roots.pem\\\")}\""));
    policy.trust_store = SharedText(std::move(trust_store));
  }
  reader.read_word("root", policy.root, {RootHandling::omit, RootHandling::include});
  reader.read("mutual_tls", policy.mutual_tls);
  reader.read_word("identity_rules", policy.identity_rules, {IdentityRules::rfc5922, IdentityRules::rfc6125});
  reader.read("allow_wildcard", policy.allow_wildcard);
  if (policy.allow_wildcard && policy.identity_rules == IdentityRules::rfc5922)
    reader.fail(invalid(reader, "allow_wildcard", "allow_wildcard counts for nothing under the identity rules rfc5922",
                        "RFC 5922 §7.2 forbids wildcards in certificates of SIP domains, so that none would match")
                    .hint("where this carrier matches names as web clients do, add \"identity_rules\": \"rfc6125\"")
                    .hint("else remove it"));
  reader.read("min_rsa", policy.min_rsa_bits);
  reader.read("key_types", policy.key_types);
  reader.read("issuers", policy.issuers);
  reader.read("max_parallel", policy.max_parallel);
  return policy;
}

RolloutPolicy read_rollout(BodyReader& reader, const std::string& label) {
  RolloutPolicy policy;
  policy.label = label;
  reader.read("canary", policy.canary);
  reader.read("wave_size", policy.wave_size);
  reader.read("stagger", policy.stagger);
  reader.read("soak", policy.soak);
  reader.read_word("on_failure", policy.on_failure, {OnFailure::rollback, OnFailure::stop, OnFailure::proceed});
  reader.read("max_failures", policy.max_failures);
  reader.read_word("unreachable", policy.unreachable, {Unreachable::stop, Unreachable::accept});
  return policy;
}

RotatePolicy read_rotate(BodyReader& reader) {
  RotatePolicy policy;
  reader.read("before_expiry", policy.before_expiry);
  reader.read("lifetime_left", policy.lifetime_left);
  reader.read_word("when", policy.when, {RotateWhen::due, RotateWhen::available});
  reader.read_word("shorter", policy.shorter, {Shorter::refuse, Shorter::allow});
  reader.read("critical", policy.critical);
  reader.read("min_age", policy.min_age);
  if (policy.critical && *policy.critical > policy.before_expiry)
    reader.fail(invalid(reader, "critical", "critical begins before the certificate is due",
                        fmt::format("before_expiry is {}", to_string(policy.before_expiry)))
                    .hint("make critical the shorter one"));
  for (const auto& block : reader.body().blocks) {
    auto nested = reader.within(block);
    policy.windows.push_back(read_window(nested));
    reader.merge(nested);
  }
  return policy;
}

VerifyPolicy read_verify(BodyReader& reader) {
  VerifyPolicy policy;
  reader.read("status", policy.status);
  reader.read("healthy", policy.healthy);
  reader.read("sip_options", policy.sip_options);
  if (const auto* tls = reader.body().block("tls")) {
    auto nested = reader.within(*tls);
    policy.tls = read_probe(nested);
    reader.merge(nested);
  }
  const auto needs_tls = [&](const char* what, const char* why, const SourceRange& where) {
    reader.fail(Error(ErrorCode::invalid_input, fmt::format("{} needs verify.tls", what), why)
                    .at(where)
                    .hint("add \"tls\": {\"address\": \"HOST:5061\"} to verify"));
  };
  if (policy.sip_options && !policy.tls)
    needs_tls("sip_options", "OPTIONS are sent to the address that is probed, after the handshakes",
              reader.range("sip_options"));
  if (const auto* call = reader.body().block("call")) {
    auto nested = reader.within(*call);
    policy.call = read_call(nested, policy.tls ? policy.tls->host : "unknown.invalid");
    if (!policy.tls)
      needs_tls("a test call", "it is made to the address that is probed, after the handshakes", call->where.range());
    reader.merge(nested);
  }
  return policy;
}

}  // namespace trunkform::language
