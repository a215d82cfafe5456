#include <algorithm>

#include <fmt/format.h>

#include "planner/rules/checks.hpp"

namespace trunkform::rules::checks {
namespace {

constexpr std::string_view k_sip_domain = "1.3.6.1.5.5.7.3.20";  // RFC 5924 §4

bool lists(const CertificateFacts& certificate, std::string_view usage) {
  const auto& usages = certificate.extended_key_usage;
  return std::find(usages.begin(), usages.end(), usage) != usages.end();
}

}  // namespace

Outcome leaf_is_authority(const RuleInput& input) {
  if (!input.chain->leaf().is_ca) return std::nullopt;
  return Broken{
      fmt::format("{} is a certificate authority (CA:TRUE), not a server's certificate", named(input.chain->leaf())),
      "put the server's own certificate first; request one with basicConstraints CA:FALSE"};
}

Outcome not_for_servers(const RuleInput& input) {
  const auto& leaf = input.chain->leaf();
  if (leaf.extended_key_usage.empty() || lists(leaf, "serverAuth")) return std::nullopt;
  return Broken{fmt::format("its extended key usage is {}, without serverAuth", joined(leaf.extended_key_usage)),
                lists(leaf, k_sip_domain)
                    ? "request it again with serverAuth beside sipDomain (RFC 5924), which the TLS "
                      "stacks of peers do not know"
                    : "request it again with extendedKeyUsage serverAuth"};
}

Outcome not_for_clients(const RuleInput& input) {
  const auto& leaf = input.chain->leaf();
  if (!policy_of(input).mutual_tls || leaf.extended_key_usage.empty() || lists(leaf, "clientAuth")) return std::nullopt;
  return Broken{
      fmt::format("mutual TLS needs clientAuth, and its extended key usage is {}", joined(leaf.extended_key_usage)),
      "request it again with serverAuth and clientAuth (public authorities no longer give both: use a private one), "
      "or set \"mutual_tls\": false on the carrier"};
}

Outcome key_usage_without_signing(const RuleInput& input) {
  const auto& leaf = input.chain->leaf();
  if (!leaf.has_key_usage || leaf.key_usage_digital_signature) return std::nullopt;
  return Broken{"its key usage does not allow digitalSignature, which every ECDHE handshake needs",
                "request it again with keyUsage digitalSignature"};
}

}  // namespace trunkform::rules::checks
