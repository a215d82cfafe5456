#pragma once
// SipProbe over real sockets: OPTIONS on a fresh TLS connection to the first address that takes one.
#include <memory>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/probe.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::probe {

/// `clock` and `random` are borrowed. `patience`: for the handshake, and again for the answer (RFC 3261 timer F is 32
/// s; a carrier's edge answers OPTIONS at once).
std::unique_ptr<SipProbe> make_sip_probe(Clock& clock, Random& random, Duration patience = std::chrono::seconds(10));

}  // namespace trunkform::probe
