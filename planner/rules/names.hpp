#pragma once
// Whether a certificate speaks for a name. RFC 5922 §7 for SIP domains, RFC 6125 (now 9525) on request. The common name
// is never looked at. Pure and thread-safe.
#include <span>
#include <string_view>
#include <vector>

#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::rules {

enum class NameMatch { none, exact, wildcard };

/// The names that the rules let a certificate speak for. RFC 5922 §7.1: the hosts of `sip:` URIs without userinfo;
/// only where there are none, its DNS names. RFC 6125: DNS names, IP addresses, hosts of `sip:`/`sips:` URIs.
/// Parts of `certificate`.
std::vector<std::string_view> identities(const CertificateFacts& certificate, IdentityRules rules);

/// `name` is a host, an IP address or a `sip:` URI of a host. Under RFC 5922 no wildcard matches (§7.2). Under RFC 6125
/// one counts as the whole left-most label only and is reported as such; whether it is allowed is the caller's
/// decision.
NameMatch match_name(const CertificateFacts& certificate, std::string_view name, IdentityRules rules);

}  // namespace trunkform::rules
