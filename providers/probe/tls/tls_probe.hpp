#pragma once
// TlsProbe over real sockets: a fresh handshake, without resumption, on every resolved address, side by side.
#include <memory>
#include <string>

#include "providers/x509/facts_cache.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/probe.hpp"

namespace trunkform::probe {

/// `clock` and `facts` are borrowed: chains share their facts with all that `facts` has seen. `handshake`: the longest
/// that one address may take. `dns_server`: as make_dns_client has it.
std::unique_ptr<TlsProbe> make_tls_probe(Clock& clock, x509::FactsCache& facts,
                                         Duration handshake = std::chrono::seconds(10), std::string dns_server = {});

}  // namespace trunkform::probe
