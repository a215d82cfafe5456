#pragma once
// dns-01 (RFC 8555 §8.4) by dynamic updates (RFC 2136), signed (RFC 8945), to the server that is a zone's primary.
#include <functional>
#include <string>
#include <vector>

#include "providers/issuers/acme/dns_message.hpp"
#include "providers/issuers/acme/responder.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::issuers::acme {

struct DnsUpdatePlace {
  std::string server;  ///< `192.0.2.53:53`
  std::string zone;    ///< empty: the server is asked
  std::string key_name;
  std::string key;  ///< reference to the secret: base64
  Duration wait{};  ///< until what was written can be expected to be seen at all servers of the zone
};

class DnsUpdate final : public Responder {
 public:
  struct Ports {
    std::function<Result<SecretBuffer>(const std::string& reference)> secret;
    /// Whether the key's signatures may go to a server.
    std::function<Result<>(const std::string& server)> may_go_to;
    /// One message and its answer.
    std::function<Result<std::string>(const Context&, const std::string& server, const std::string& message)> exchange;
  };
  /// Clock and randomness are borrowed.
  DnsUpdate(DnsUpdatePlace place, Ports ports, Clock& clock, Random& random)
      : m_place(std::move(place)), m_ports(std::move(ports)), m_clock(clock), m_random(random) {}
  const char* challenge_type() const override { return "dns-01"; }
  /// Errors: untrusted, invalid_input (key, names, no zone of this server), denied (the server refuses), unavailable,
  /// timeout.
  Result<> present(const Context& context, const std::vector<Proof>& proofs) override;
  void withdraw(const std::vector<Proof>& proofs) override;

 private:
  Result<> change(const Context& context, const Proof& proof, DnsChange change);
  Result<std::string> zone_of(const Context& context, const std::string& record);
  Error unreachable(Error why) const;
  Result<DnsAnswer> ask(const Context& context, const std::string& message, std::string* answer = nullptr) const;
  unsigned new_id() { return static_cast<unsigned>(m_random.below(65'536)); }

  DnsUpdatePlace m_place;
  Ports m_ports;
  Clock& m_clock;
  Random& m_random;
};

}  // namespace trunkform::issuers::acme
