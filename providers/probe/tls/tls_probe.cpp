#include "providers/probe/tls/tls_probe.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "providers/probe/locate.hpp"
#include "providers/probe/tls_connection.hpp"

namespace trunkform::probe {
namespace {

/// A name may have very many addresses; threads are not free.
constexpr std::size_t k_side_by_side = 16;

class SocketTlsProbe final : public TlsProbe {
 public:
  SocketTlsProbe(Clock& clock, x509::FactsCache& facts, Duration handshake, std::string dns_server)
      : m_clock(clock),
        m_facts(facts),
        m_handshake(handshake),
        m_dns(make_dns_client(clock, handshake, std::move(dns_server))) {}

  Result<std::vector<ServedChain>> observe(const Context& context, const TlsProbePolicy& policy) override {
    const auto places = TRY(locate(context, *m_dns, policy));
    std::vector<ServedChain> served(places.size());
    for (std::size_t first = 0; first < places.size(); first += k_side_by_side) {
      std::vector<std::jthread> threads;
      for (auto i = first; i < std::min(first + k_side_by_side, places.size()); ++i)
        threads.emplace_back([&, i] { served[i] = look(context, policy, places[i]); });
    }
    return served;
  }

 private:
  ServedChain look(const Context& context, const TlsProbePolicy& policy, const Place& place) {
    ServedChain served;
    served.address = place.text;
    served.error = place.error;
    if (!place.target) return served;
    TlsSettings settings;
    settings.server_name = server_name_of(policy);
    settings.min_version = policy.min_version;
    settings.timeout = m_handshake;
    const auto connection = TlsConnection::open(context, m_clock, *place.target, settings);
    if (!connection) {
      served.error = connection.error();
      return served;
    }
    served.protocol = connection->protocol();
    auto ders = connection->peer_chain();
    auto chain = m_facts.chain_of_ders(ders);
    if (chain) {
      served.chain = std::move(*chain);
      served.ders = std::move(ders);
    } else {
      served.error = Error(ErrorCode::protocol, fmt::format("{} serves a certificate that cannot be read", place.text))
                         .because(std::move(chain.error()));
    }
    return served;
  }

  Clock& m_clock;
  x509::FactsCache& m_facts;
  Duration m_handshake;
  std::unique_ptr<DnsClient> m_dns;
};

}  // namespace

std::unique_ptr<TlsProbe> make_tls_probe(Clock& clock, x509::FactsCache& facts, Duration handshake,
                                         std::string dns_server) {
  return std::make_unique<SocketTlsProbe>(clock, facts, handshake, std::move(dns_server));
}

}  // namespace trunkform::probe
