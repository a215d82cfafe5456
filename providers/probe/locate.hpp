#pragma once
// Where a probe knocks: the addresses of a host, or of everything that the records of a `sips:` domain lead to
// (RFC 3263 §4). Stateless.
#include <optional>
#include <string>
#include <vector>

#include "providers/probe/dns_client.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::probe {

/// One address; or a host among others that cannot be resolved, with the reason.
struct Place {
  std::string text;  ///< `192.0.2.10:5061`, by SRV also `192.0.2.10:5061 (edge1.example.com)`
  std::optional<Target> target;
  std::optional<Error> error;
};

/// Each once, never empty: of a host in the resolver's order, of a domain by priority, then the greater weight (all are
/// probed, so weights need no dice; docs/decisions/0251). Errors: not_found (no address, or the domain says that it has
/// no SIP over TLS), unavailable, timeout, cancelled, protocol (records that make no sense, or too many).
Result<std::vector<Place>> locate(const Context& context, DnsClient& dns, const TlsProbePolicy& policy);

/// The name that the peer is asked for, and must have: the host, or the domain of the URI (RFC 5922 §7.3). Empty for an
/// address.
std::string server_name_of(const TlsProbePolicy& policy);

}  // namespace trunkform::probe
