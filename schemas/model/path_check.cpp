#include "schemas/model/path_check.hpp"

#include <array>

namespace trunkform {
namespace {

constexpr auto k_always = CheckForce::always;
constexpr auto k_web = CheckForce::web;

// An anchor is trusted for its name and its key (RFC 5280 §6.1.1 d): its own form is the web's concern only, but what
// it forbids to those below it holds (RFC 5937).
constexpr std::array k_checks{
    PathCheckInfo{PathCheck::version, "version", k_always, k_web, "RFC 5280 §4.1.2.1", "certificates are of version 3"},
    PathCheckInfo{PathCheck::encoding_distinguished, "encoding_distinguished", k_web, k_web, "RFC 5280 §4.1",
                  "certificates and their extensions are encoded in DER"},
    PathCheckInfo{PathCheck::serial_number, "serial_number", k_always, k_web, "RFC 5280 §4.1.2.2",
                  "serial numbers below the anchor are positive and of 20 octets at most"},
    PathCheckInfo{PathCheck::signature_algorithms_agree, "signature_algorithms_agree", k_always, k_web,
                  "RFC 5280 §4.1.1.2", "a certificate names the same signature algorithm inside and outside"},
    PathCheckInfo{PathCheck::issuer_named, "issuer_named", k_always, k_always, "RFC 5280 §4.1.2.4",
                  "issuers have a name"},
    PathCheckInfo{PathCheck::authority_named, "authority_named", k_always, k_always, "RFC 5280 §4.1.2.6",
                  "authorities have a subject"},
    PathCheckInfo{PathCheck::extensions_unique, "extensions_unique", k_always, k_always, "RFC 5280 §4.2",
                  "no extension stands twice in a certificate"},
    PathCheckInfo{PathCheck::extensions_readable, "extensions_readable", k_always, k_always, "RFC 5280 §4.2",
                  "the extensions that count can be read"},
    PathCheckInfo{PathCheck::extensions_known, "extensions_known", k_always, k_always, "RFC 5280 §4.2",
                  "critical extensions are known ones"},
    PathCheckInfo{PathCheck::alternative_names_filled, "alternative_names_filled", k_always, k_web, "RFC 5280 §4.2.1.6",
                  "a subjectAltName has names, and they are well-formed"},
    PathCheckInfo{PathCheck::alternative_names_critical, "alternative_names_critical", k_always, k_web,
                  "RFC 5280 §4.2.1.6", "with an empty subject the subjectAltName is critical"},
    PathCheckInfo{PathCheck::alternative_names_not_critical, "alternative_names_not_critical", k_web, k_web,
                  "CA/B BR §7.1.2.7.12", "beside a subject the leaf's subjectAltName is not critical"},
    PathCheckInfo{PathCheck::host_names_formed, "host_names_formed", k_web, k_web, "RFC 5280 §4.2.1.6",
                  "the leaf's DNS names are host names (RFC 1123 §2.1), a wildcard only as the whole first label"},
    PathCheckInfo{PathCheck::common_name_listed, "common_name_listed", k_web, k_web, "CA/B BR §7.1.4.3",
                  "a common name that means one of the leaf's alternative names is written like it, letter by letter"},
    PathCheckInfo{PathCheck::authority_key_identifier, "authority_key_identifier", k_web, k_web, "RFC 5280 §4.2.1.1",
                  "what is not self-signed names its issuer's key, in an extension that is not critical"},
    PathCheckInfo{PathCheck::root_key_identifier, "root_key_identifier", k_web, k_web, "CA/B BR §7.1.2.1.3",
                  "a root's authorityKeyIdentifier is its own key identifier and no more"},
    PathCheckInfo{PathCheck::subject_key_identifier, "subject_key_identifier", k_web, k_web, "RFC 5280 §4.2.1.2",
                  "authorities have a subjectKeyIdentifier that is not critical"},
    PathCheckInfo{PathCheck::authority_information, "authority_information", k_always, k_web, "RFC 5280 §4.2.2.1",
                  "an authorityInfoAccess can be read, says something and is not critical"},
    PathCheckInfo{PathCheck::key_usage_filled, "key_usage_filled", k_always, k_web, "RFC 5280 §4.2.1.3",
                  "a keyUsage allows something"},
    PathCheckInfo{PathCheck::key_usage_agrees, "key_usage_agrees", k_always, k_web, "RFC 5280 §4.2.1.9",
                  "only authorities have keyCertSign"},
    PathCheckInfo{PathCheck::path_length_placed, "path_length_placed", k_always, k_web, "RFC 5280 §4.2.1.9",
                  "only authorities with keyCertSign limit the length of the path, and to no negative number"},
    PathCheckInfo{PathCheck::basic_constraints_critical, "basic_constraints_critical", k_web, k_web,
                  "RFC 5280 §4.2.1.9", "an authority's basicConstraints are critical"},
    PathCheckInfo{PathCheck::usages_filled, "usages_filled", k_always, k_web, "RFC 5280 §4.2.1.12",
                  "an extendedKeyUsage has at least one usage"},
    PathCheckInfo{PathCheck::usages_stated, "usages_stated", k_web, k_web, "CA/B BR §7.1.2.7.6",
                  "the leaf has an extendedKeyUsage"},
    PathCheckInfo{PathCheck::usages_named, "usages_named", k_web, k_web, "CA/B BR §7.1.2.7.10",
                  "the leaf's extendedKeyUsage does not say anyExtendedKeyUsage"},
    PathCheckInfo{PathCheck::usages_not_critical, "usages_not_critical", k_web, k_web, "CA/B BR §7.1.2.7.6",
                  "the leaf's extendedKeyUsage is not critical"},
    PathCheckInfo{PathCheck::root_without_usages, "root_without_usages", k_web, k_web, "CA/B BR §7.1.2.1.2",
                  "a root has no extendedKeyUsage"},
    PathCheckInfo{PathCheck::name_constraints_placed, "name_constraints_placed", k_always, k_always,
                  "RFC 5280 §4.2.1.10", "only authorities have nameConstraints"},
    PathCheckInfo{PathCheck::name_constraints_filled, "name_constraints_filled", k_always, k_always,
                  "RFC 5280 §4.2.1.10", "nameConstraints permit or exclude something"},
    PathCheckInfo{PathCheck::name_constraints_formed, "name_constraints_formed", k_always, k_always,
                  "RFC 5280 §4.2.1.10", "the subtrees of nameConstraints are well-formed"},
    PathCheckInfo{PathCheck::dns_constraints_undotted, "dns_constraints_undotted", k_web, k_web, "RFC 5280 §4.2.1.10",
                  "DNS subtrees of nameConstraints do not begin with a dot"},
    PathCheckInfo{PathCheck::policy_constraints_formed, "policy_constraints_formed", k_web, k_web, "RFC 5280 §4.2.1.11",
                  "policyConstraints and inhibitAnyPolicy are critical, and say something"},
    PathCheckInfo{PathCheck::policy_mappings_formed, "policy_mappings_formed", k_always, k_always, "RFC 5280 §4.2.1.5",
                  "policyMappings do not map anyPolicy"},
    PathCheckInfo{PathCheck::policies_unique, "policies_unique", k_web, k_web, "RFC 5280 §4.2.1.4",
                  "no policy stands twice in a certificate"},
    PathCheckInfo{PathCheck::rsa_size, "rsa_size", k_web, k_web, "CA/B BR §6.1.5",
                  "the bits of RSA keys are divisible by 8"},
    PathCheckInfo{PathCheck::rsa_exponent, "rsa_exponent", k_always, k_always, "CA/B BR §6.1.6",
                  "public exponents of RSA keys are odd and 3 or more"},
    PathCheckInfo{PathCheck::issuer_is_authority, "issuer_is_authority", k_always, k_web, "RFC 5280 §6.1.4 (k)",
                  "issuers are authorities by their basicConstraints"},
    PathCheckInfo{PathCheck::issuer_may_sign, "issuer_may_sign", k_always, k_always, "RFC 5280 §6.1.4 (n)",
                  "issuers may sign certificates by their keyUsage"},
    PathCheckInfo{PathCheck::issuer_usages, "issuer_usages", k_always, k_always, "RFC 5280 §4.2.1.12",
                  "issuers whose usages are limited list the one that is asked for, by its own name"},
    PathCheckInfo{PathCheck::issuer_key, "issuer_key", k_always, k_always, "CA/B BR §6.1.5",
                  "issuers' keys are RSA of enough bits, or ECDSA on P-256, P-384 or P-521 by name"},
    PathCheckInfo{PathCheck::signature_strength, "signature_strength", k_always, k_web, "CA/B BR §7.1.3.2",
                  "issuers' certificates are signed by RSA or ECDSA, with SHA-256, SHA-384 or SHA-512"},
    PathCheckInfo{PathCheck::signature, "signature", k_always, k_always, "RFC 5280 §6.1.3 (a)",
                  "every signature verifies with the issuer's key"},
    PathCheckInfo{PathCheck::path_length, "path_length", k_always, k_always, "RFC 5280 §6.1.4 (m)",
                  "no path is longer than an authority of it allows"},
    PathCheckInfo{PathCheck::path_depth, "path_depth", k_always, k_always, "RFC 5280 §6.1",
                  "the path has no more intermediates than are allowed"},
    PathCheckInfo{PathCheck::names_permitted, "names_permitted", k_always, k_always, "RFC 5280 §6.1.3 (b)",
                  "names are among those that the authorities above permit"},
    PathCheckInfo{PathCheck::names_excluded, "names_excluded", k_always, k_always, "RFC 5280 §6.1.3 (c)",
                  "no name is among those that an authority above excludes"},
    PathCheckInfo{PathCheck::name_constraints_effort, "name_constraints_effort", k_always, k_always,
                  "RFC 5280 §4.2.1.10", "there are not so many names and constraints that a peer gives up"},
    PathCheckInfo{PathCheck::explicit_policy, "explicit_policy", k_always, k_always, "RFC 5280 §6.1.5 (g)",
                  "where an authority demands a policy, the path has one"},
    PathCheckInfo{PathCheck::list_usable, "list_usable", k_web, k_web, "RFC 5280 §6.3.3 (f)",
                  "revocation lists of the path's issuers are signed by them, and they may sign lists"},
    PathCheckInfo{PathCheck::list_number, "list_number", k_web, k_web, "RFC 5280 §5.2.3",
                  "revocation lists have a number that is not critical"},
};

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < k_checks.size(); ++i)
    if (static_cast<std::size_t>(k_checks[i].check) != i) return false;
  return true;
}
static_assert(is_in_order(), "info() takes a check by its place");

}  // namespace

std::span<const PathCheckInfo> path_checks() { return k_checks; }

const PathCheckInfo& info(PathCheck check) { return k_checks.at(static_cast<std::size_t>(check)); }

}  // namespace trunkform
