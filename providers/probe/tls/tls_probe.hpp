#pragma once
// TlsProbe over real sockets: a fresh handshake, without resumption, on every resolved address, side by side.
#include <memory>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/probe.hpp"

namespace trunkform::probe {

/// `clock` is borrowed. `handshake`: the longest that one address may take.
std::unique_ptr<TlsProbe> make_tls_probe(Clock& clock, Duration handshake = std::chrono::seconds(10));

}  // namespace trunkform::probe
