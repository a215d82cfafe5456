// Bindings. Defaults are those of schemas/model/policy.hpp.
#include <fmt/format.h>

#include "planner/language/configuration/schema_tables.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::language {
namespace {

constexpr std::int64_t k_minute = 60'000;
constexpr std::int64_t k_day = 24 * 60 * k_minute;

BlockSchema window_schema() {
  auto days = optional("days", ArgumentType::word_list, "on which it opens; none: every day");
  days.words = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
  return many(
      block("window", "when certificates may be changed",
            {std::move(days), required("start", ArgumentType::text, "local time of day, \"02:00\""),
             between(k_minute, 7 * k_day, required("for", ArgumentType::duration, "how long it stays open")),
             required("timezone", ArgumentType::text, "an IANA name, \"America/New_York\""),
             optional("except", ArgumentType::texts, "local dates on which it does not open, \"2026-12-24\"")}));
}

BlockSchema rotate_schema() {
  const RotatePolicy defaults;
  return block(
      "rotate", "when a certificate is changed",
      {optional("before_expiry", ArgumentType::duration, "time before the expiry", to_string(defaults.before_expiry)),
       optional("lifetime_left", ArgumentType::fraction,
                "share of the lifetime before the expiry; the shorter of both counts",
                fmt::format("{:g}%", defaults.lifetime_left * 100)),
       word("when", {"due", "available"}, "when due, or as soon as there is a newer one",
            std::string(to_string(defaults.when))),
       word("shorter", {"refuse", "allow"}, "whether one that ends earlier may be bound",
            std::string(to_string(defaults.shorter))),
       optional("critical", ArgumentType::duration, "time before the expiry from which being due is an error"),
       optional("min_age", ArgumentType::duration, "age that a new certificate must have",
                to_string(defaults.min_age))},
      {window_schema()});
}

BlockSchema verify_schema() {
  const VerifyPolicy defaults;
  const TlsProbePolicy probe;
  const CallPolicy test_call;
  auto tls = block("tls", "handshakes with the SIP TLS port",
                   {required("address", ArgumentType::text,
                             "host and port, \"edge.example.com:5061\", or \"sips:example.com\": by NAPTR and SRV"),
                    optional("server_name", ArgumentType::text, "for SNI; else the host"),
                    between(1000, k_day,
                            optional("within", ArgumentType::duration, "until when the new certificate must be served",
                                     to_string(probe.within))),
                    between(1, 100,
                            optional("consecutive", ArgumentType::integer, "good handshakes in a row",
                                     std::to_string(probe.consecutive))),
                    word("min_version", {"1.2", "1.3"}, "least version of TLS", probe.min_version)});
  auto call = block(
      "call", "a test call after the handshakes",
      {required("to", ArgumentType::text, "whom: a number, a name, or a whole URI \"sips:echo@example.com\""),
       optional("from", ArgumentType::text, "who calls; else trunkform at this machine's address"),
       between(180, 699,
               optional("accept", ArgumentType::integers, "answers that pass; with 180 or 183 ringing is enough",
                        fmt::format("[{}]", fmt::join(test_call.accept, ", ")))),
       between(1000, 3 * k_minute,
               optional("timeout", ArgumentType::duration, "how long it may ring", to_string(test_call.timeout)))});
  return block("verify", "what is checked after a change",
               {optional("status", ArgumentType::boolean, "the trunk's status", defaults.status ? "true" : "false"),
                optional("healthy", ArgumentType::texts, "more words that count as healthy"),
                optional("sip_options", ArgumentType::boolean, "whether OPTIONS is answered",
                         defaults.sip_options ? "true" : "false")},
               {std::move(tls), std::move(call)});
}

}  // namespace

std::vector<BlockSchema> resource_schemas() {
  auto trunk = block("trunk", "which trunk: by name or by id",
                     {optional("name", ArgumentType::text, "as the service shows it"),
                      optional("id", ArgumentType::text, "the service's id")});
  trunk.need = Need::required;
  auto lifecycle = block("lifecycle", "what may be done to it",
                         {optional("prevent_destroy", ArgumentType::boolean, "refuses to forget it", "false"),
                          later("ignore_changes"), later("create_before_destroy"), later("replace_triggered_by")},
                         {later_block("precondition"), later_block("postcondition")});
  auto binding = named(
      block(
          "resource", "a certificate on a trunk",
          {required("certificate", ArgumentType::reference, "a certificate block"),
           required("identity", ArgumentType::texts, "names that the peer expects"),
           optional("carrier", ArgumentType::reference, "a carrier block"),
           optional("rollout", ArgumentType::reference, "a rollout block"),
           optional("adopt", ArgumentType::boolean, "takes over a trunk that has another certificate", "false"),
           optional("replace_compromised", ArgumentType::boolean, "the old key is compromised: no way back to it",
                    "false"),
           optional("for_each", ArgumentType::any, "a map or set of strings: one instance for each"),
           optional("count", ArgumentType::any, "a number of instances"),
           optional("group", ArgumentType::text, "blue-green: two trunks that carry the same traffic"),
           word("colour", {"green", "blue"}, "green is changed first, blue when green is verified and soaked", ""),
           optional("notify", ArgumentType::references, "notify blocks that are told of this trunk; none: all of them"),
           later("depends_on"), later("provider"), later("provisioner")},
          {std::move(trunk), rotate_schema(), verify_schema(), std::move(lifecycle)}),
      "genesys_trunk_certificate");
  return {std::move(binding), later_block("resource", "genesys_certificate_authority"),
          later_block("resource", "genesys_trunk_base_transport")};
}

}  // namespace trunkform::language
