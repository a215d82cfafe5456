#include "providers/probe/tls/tls_probe.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "providers/probe/tls_connection.hpp"

namespace trunkform::probe {
namespace {

/// A name may have very many addresses; threads are not free.
constexpr std::size_t k_side_by_side = 16;

class SocketTlsProbe final : public TlsProbe {
 public:
  SocketTlsProbe(Clock& clock, x509::FactsCache& facts, Duration handshake)
      : m_clock(clock), m_facts(facts), m_handshake(handshake) {}

  Result<std::vector<ServedChain>> observe(const Context& context, const TlsProbePolicy& policy) override {
    const auto targets = TRY(resolve(context, m_clock, m_handshake, policy.host, policy.port));
    std::vector<ServedChain> served(targets.size());
    for (std::size_t first = 0; first < targets.size(); first += k_side_by_side) {
      std::vector<std::jthread> threads;
      for (auto i = first; i < std::min(first + k_side_by_side, targets.size()); ++i)
        threads.emplace_back([&, i] { served[i] = look(context, policy, targets[i]); });
    }
    return served;
  }

 private:
  ServedChain look(const Context& context, const TlsProbePolicy& policy, const Target& target) {
    ServedChain served;
    served.address = target.text;
    TlsSettings settings;
    settings.server_name = policy.server_name.empty() && !is_address(policy.host) ? policy.host : policy.server_name;
    settings.min_version = policy.min_version;
    settings.timeout = m_handshake;
    const auto connection = TlsConnection::open(context, m_clock, target, settings);
    if (!connection) {
      served.error = connection.error();
      return served;
    }
    served.protocol = connection->protocol();
    auto chain = m_facts.chain_of_ders(connection->peer_chain());
    if (chain)
      served.chain = std::move(*chain);
    else
      served.error = Error(ErrorCode::protocol, fmt::format("{} serves a certificate that cannot be read", target.text))
                         .because(std::move(chain.error()));
    return served;
  }

  Clock& m_clock;
  x509::FactsCache& m_facts;
  Duration m_handshake;
};

}  // namespace

std::unique_ptr<TlsProbe> make_tls_probe(Clock& clock, x509::FactsCache& facts, Duration handshake) {
  return std::make_unique<SocketTlsProbe>(clock, facts, handshake);
}

}  // namespace trunkform::probe
