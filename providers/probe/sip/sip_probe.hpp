#pragma once
// SipProbe over real sockets: OPTIONS, or a call, on a fresh TLS connection to the first address that takes one.
#include <memory>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/probe.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::probe {

/// `clock` and `random` are borrowed. `patience`: for the handshake, and again for the answer to OPTIONS (RFC 3261
/// timer F is 32 s; a carrier's edge answers OPTIONS at once). `dns_server`: as make_dns_client has it.
std::unique_ptr<SipProbe> make_sip_probe(Clock& clock, Random& random, Duration patience = std::chrono::seconds(10),
                                         std::string dns_server = {});

}  // namespace trunkform::probe
