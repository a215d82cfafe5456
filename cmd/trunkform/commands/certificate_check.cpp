#include <algorithm>
#include <charconv>
#include <ostream>

#include <fmt/format.h>

#include "cmd/certificates/check_report.hpp"
#include "cmd/certificates/path_report.hpp"
#include "cmd/trunkform/commands/certificate_input.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/views/certificate_list_json.hpp"
#include "planner/language/configuration/schema.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::cli {
namespace {

Error wrong_value(const std::string& flag, const std::string& value, const std::string& expected) {
  return usage_error(fmt::format("-{} does not understand \"{}\"", flag, views::escape_foreign(value)), expected)
      .hint("trunkform certificate check -help shows the flags");
}

/// The words are those of the configuration.
Result<> read_key_types(const Arguments& arguments, CarrierPolicy& carrier) {
  const auto& words = language::find_block("carrier", "")->argument("key_types")->words;
  carrier.key_types = arguments.list("key-type");
  for (const auto& type : carrier.key_types)
    if (std::find(words.begin(), words.end(), type) == words.end())
      return wrong_value("key-type", type, fmt::format("there are {}", fmt::join(words, ", ")));
  return {};
}

/// What a carrier block says, with its defaults. One difference: who asks for RFC 6125 here is shown its wildcards.
Result<CarrierPolicy> carrier_of_flags(const Arguments& arguments) {
  CarrierPolicy carrier;
  const auto& rules = arguments.value("identity-rules");
  if (rules == "rfc6125")
    carrier.identity_rules = IdentityRules::rfc6125;
  else if (rules != "rfc5922")
    return wrong_value("identity-rules", rules, "there are rfc5922 and rfc6125");
  const auto& wildcard = arguments.value("allow-wildcard");
  if (!wildcard.empty() && wildcard != "true" && wildcard != "false")
    return wrong_value("allow-wildcard", wildcard, "true or false");
  carrier.allow_wildcard = carrier.identity_rules == IdentityRules::rfc6125 && wildcard != "false";
  if (wildcard == "true" && !carrier.allow_wildcard)
    return usage_error("-allow-wildcard=true needs -identity-rules=rfc6125",
                       "The names are matched by RFC 5922, the default, which knows no wildcards (section 7.2).")
        .hint("as a carrier that takes wildcards would judge: add -identity-rules=rfc6125")
        .hint("as RFC 5922 does: leave -allow-wildcard out");
  const auto& root = arguments.value("root");
  if (root == "include")
    carrier.root = RootHandling::include;
  else if (root != "omit")
    return wrong_value("root", root, "there are omit and include");
  carrier.mutual_tls = arguments.on("mutual-tls");
  carrier.min_rsa_bits = std::stoi(arguments.value("min-rsa"));
  carrier.issuers = arguments.list("issuer");
  TRY(read_key_types(arguments, carrier));
  return carrier;
}

constexpr int k_most_depth = 1000;  // no path is longer than a file holds certificates

/// The flags that can be wrong in themselves; files are read later.
Result<certificates::CheckRequest> request_of_flags(const Frame& frame) {
  const auto& arguments = frame.arguments;
  certificates::CheckRequest request;
  request.carrier = TRY(carrier_of_flags(arguments));
  if (!arguments.value("passphrase-file").empty() && arguments.value("key").empty())
    return usage_error("-passphrase-file needs -key", "it opens the key of -key, which is not given")
        .hint("name the key as well: -key=FILE");
  request.names = arguments.list("name");
  for (const auto& name : request.names)
    if (name.empty()) return wrong_value("name", name, "a host name, an IP address or a sip: URI");
  request.at = frame.world.clock.now();
  if (const auto& at = arguments.value("at"); !at.empty()) {
    const auto instant = parse_rfc3339(at);
    if (!instant) return wrong_value("at", at, "an instant as RFC 3339 writes it: 2026-11-24T12:00:00Z");
    request.at = *instant;
  }
  const auto min_age = parse_duration(arguments.value("min-age"));
  if (!min_age) return wrong_value("min-age", arguments.value("min-age"), "a duration such as 1h, 90s, 2d");
  request.min_age = *min_age;
  if (const auto& text = arguments.value("max-depth"); !text.empty()) {
    int depth = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), depth);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || depth < 0 || depth > k_most_depth)
      return wrong_value("max-depth", text, fmt::format("how many intermediates there may be: 0 to {}", k_most_depth));
    request.max_depth = depth;
  }
  return request;
}

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::warn:
      return "warn";
    case Verdict::block:
      break;
  }
  return "block";
}

std::string_view word_of(Revocation revocation) {
  switch (revocation) {
    case Revocation::good:
      return "good";
    case Revocation::revoked:
      return "revoked";
    case Revocation::unknown:
      break;
  }
  return "unknown";
}

void write_finding(codec::JsonWriter& out, const Finding& finding) {
  out.begin_object();
  out.member("rule", std::string_view(finding.rule));
  out.member("verdict", word_of(finding.verdict));
  out.member("clause", std::string_view(finding.clause));
  out.member("message", std::string_view(finding.message));
  out.member_unless_empty("mend", finding.mend);
  out.end_object();
}

void write_path_check(codec::JsonWriter& out, const certificates::PathCheckLine& line) {
  out.begin_object();
  out.member("check", line.check->name);
  out.member("verdict", line.verdict ? word_of(*line.verdict) : std::string_view("unknown"));
  out.member("clause", line.check->clause);
  out.member("message", std::string_view(line.message));
  if (line.fault != nullptr) {
    out.member("depth", line.fault->depth);
    out.member("subject", std::string_view(line.fault->subject));
  }
  out.end_object();
}

void write_path(codec::JsonWriter& out, const PathFacts& path) {
  out.begin_object();
  out.member("trusted", path.trusted);
  out.member_unless_empty("failure", path.failure);
  if (path.trusted) out.member("effective_expiry", path.effective_expiry);
  out.key("subjects");
  out.begin_array();
  for (const auto& certificate : path.path) out.value(std::string_view(certificate->subject));
  out.end_array();
  out.key("checks");
  out.begin_array();
  for (const auto& line : certificates::path_check_lines(path)) write_path_check(out, line);
  out.end_array();
  out.end_object();
}

std::string check_json(const certificates::CheckReport& report, Instant at) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.member("good", !report.blocked);
  out.member("at", at);
  out.key("findings");
  out.begin_array();
  for (const auto& finding : report.offer.findings) write_finding(out, finding);
  out.end_array();
  out.key("not_checked");
  out.begin_array();
  for (const auto& rule : report.not_checked) out.value(rule.name);
  out.end_array();
  out.key("path");
  write_path(out, report.offer.path);
  out.member("revocation", word_of(report.offer.revocation));
  out.key("certificates");
  views::write_certificate_list(out, report.offer.built.chain.get());
  out.end_object();
  return out.take();
}

Result<ExitCode> certificate_check(Frame& frame) {
  auto request = TRY(request_of_flags(frame));
  request.chain_pem = TRY(read_certificates(frame, frame.arguments.positionals().front()));
  SecretBuffer key;
  if (const auto& name = frame.arguments.value("key"); !name.empty()) {
    key = TRY(read_key(frame, name));
    request.key = &key;
  }
  SecretBuffer passphrase;
  if (const auto& name = frame.arguments.value("passphrase-file"); !name.empty()) {
    passphrase = TRY(read_passphrase(frame, name));
    request.passphrase = &passphrase;
  }
  if (const auto& name = frame.arguments.value("trust-store"); !name.empty())
    request.carrier.trust_store = SharedText(TRY(read_trust_store(frame, name)));
  if (const auto& name = frame.arguments.value("crl"); !name.empty())
    request.crl_pem = TRY(read_public_pem(frame, name));
  const auto report = TRY(certificates::check(request));
  if (frame.arguments.on("json"))
    frame.world.streams.out << check_json(report, request.at) << '\n';
  else
    frame.world.streams.out << certificates::to_text(report, request.at);
  return report.blocked ? ExitCode::error : ExitCode::done;
}

}  // namespace

Command certificate_check_command() {
  return {
      {"certificate", "check"},
      "hold a chain against the rules of a plan, offline",
      "Every rule with its clause and its verdict, or why it could not be judged. Asks no service and needs no "
      "configuration: the flags stand for the arguments of a carrier block.\n"
      "Exit code: 0 good, 1 blocked by a rule, 64 for a flag's wrong value.",
      {{"key", FlagKind::value, "the leaf's private key, to be held against it", "FILE"},
       {"passphrase-file", FlagKind::value, "a file with the passphrase of an encrypted key", "FILE"},
       {"trust-store", FlagKind::value, "the carrier's roots, PEM or DER; without it the system's", "FILE"},
       {"name", FlagKind::list, "a name that the peer expects", "NAME"},
       {"identity-rules", FlagKind::value, "how names are matched: rfc5922 or rfc6125", "RULES", "rfc5922"},
       {"allow-wildcard", FlagKind::value, "whether a wildcard may match; under rfc6125 true unless given", "BOOL"},
       {"root", FlagKind::value, "whether the carrier wants the root: omit or include", "HANDLING", "omit"},
       {"mutual-tls", FlagKind::toggle, "the certificate is a client's too"},
       {.name = "min-rsa",
        .kind = FlagKind::value,
        .help = "fewest bits of an RSA key",
        .placeholder = "BITS",
        .initial = "2048",
        .form = FlagForm::number,
        .least = 1024,
        .most = 16384},
       {"key-type", FlagKind::list, "a kind of key that the carrier takes; none: all that are strong enough", "TYPE"},
       {"issuer", FlagKind::list, "an issuer that the carrier takes; none: all", "ISSUER"},
       {"at", FlagKind::value, "judge as of this instant, RFC 3339; without it now", "TIME"},
       {"min-age", FlagKind::value, "the certificate must be this old", "DURATION", "0s"},
       {"crl", FlagKind::value, "certificate revocation lists, PEM or DER", "FILE"},
       {"max-depth", FlagKind::value, "the most intermediates on the way to a root", "N"},
       flags::json()},
      {{"CHAIN", "the certificates, PEM or DER, in any order; - is standard input", 1, 1}},
      framed(certificate_check)};
}

}  // namespace trunkform::cli
