// Carriers and rollouts. Defaults are those of schemas/model/policy.hpp.
#include "planner/language/configuration/schema_tables.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::language {
namespace {

std::string text_of(bool value) { return value ? "true" : "false"; }

BlockSchema carrier_schema() {
  const CarrierPolicy defaults;
  auto key_types = optional("key_types", ArgumentType::word_list,
                            "kinds of keys that the carrier takes; none: all that are strong enough");
  key_types.words = {"rsa", "ecdsa_p256", "ecdsa_p384", "ecdsa_p521"};
  key_types.refused = {"ed25519",
                       "public authorities may not issue Ed25519 certificates (CA/B BR §6.1.5), and SIP peers do not "
                       "negotiate them: the rule key_algorithm_unfit blocks each one, whatever the carrier allows"};
  return named(
      block("carrier", "what a carrier expects",
            {optional("trust_store", ArgumentType::text, "PEM of the roots that it trusts; else the system's"),
             word("root", {"omit", "include"}, "whether the root is sent", std::string(to_string(defaults.root))),
             optional("mutual_tls", ArgumentType::boolean, "whether we present the certificate as a client too",
                      text_of(defaults.mutual_tls)),
             word("identity_rules", {"rfc5922", "rfc6125"}, "how names are matched",
                  std::string(to_string(defaults.identity_rules))),
             optional("allow_wildcard", ArgumentType::boolean, "whether a wildcard may match; only under rfc6125",
                      text_of(defaults.allow_wildcard)),
             between(1024, 16384,
                     optional("min_rsa", ArgumentType::integer, "fewest bits of an RSA key",
                              std::to_string(defaults.min_rsa_bits))),
             std::move(key_types),
             optional("issuers", ArgumentType::texts, "issuers that it takes; a new one blocks; none: all"),
             between(1, 1000,
                     optional("max_parallel", ArgumentType::integer, "trunks changed at once",
                              std::to_string(defaults.max_parallel)))}));
}

BlockSchema rollout_schema() {
  const RolloutPolicy defaults;
  constexpr std::int64_t k_week = 7LL * 24 * 3'600'000;
  return named(block(
      "rollout", "how fast, and what happens on failure",
      {between(0, 100'000,
               optional("canary", ArgumentType::integer, "trunks of the first wave", std::to_string(defaults.canary))),
       between(1, 100'000,
               optional("wave_size", ArgumentType::integer, "trunks of every later wave",
                        std::to_string(defaults.wave_size))),
       between(0, k_week,
               optional("stagger", ArgumentType::duration, "from one trunk of a carrier to the next",
                        to_string(defaults.stagger))),
       between(0, k_week,
               optional("soak", ArgumentType::duration, "how long a wave is watched", to_string(defaults.soak))),
       word("on_failure", {"rollback", "stop", "continue"}, "what is done when verification fails",
            std::string(to_string(defaults.on_failure))),
       between(0, 100'000,
               optional("max_failures", ArgumentType::integer, "failures after which the run stops",
                        std::to_string(defaults.max_failures))),
       word("unreachable", {"stop", "accept"}, "what is done when nothing answers the probe",
            std::string(to_string(defaults.unreachable)))}));
}

}  // namespace

std::vector<BlockSchema> policy_schemas() { return {carrier_schema(), rollout_schema()}; }

}  // namespace trunkform::language
