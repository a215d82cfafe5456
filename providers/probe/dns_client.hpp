#pragma once
// Questions to the domain name system, also those that getaddrinfo cannot ask: NAPTR and SRV, by c-ares. Thread-safe.
#include <memory>
#include <string>
#include <vector>

#include "providers/probe/resolve.hpp"
#include "schemas/ports/clock.hpp"

namespace trunkform::probe {

struct NaptrRecord {
  int order = 0;
  int preference = 0;
  std::string flags;
  std::string service;
  std::string replacement;
};

struct SrvRecord {
  int priority = 0;
  int weight = 0;
  int port = 0;
  std::string host;
};

class DnsClient {
 public:
  virtual ~DnsClient() = default;
  // Empty where the name, or that kind of record, is not there. Errors: unavailable (no server, or it failed), timeout,
  // cancelled, protocol (an answer that cannot be read).
  virtual Result<std::vector<NaptrRecord>> naptr(const Context& context, const std::string& name) = 0;
  virtual Result<std::vector<SrvRecord>> srv(const Context& context, const std::string& name) = 0;
  /// As `resolve`: never empty.
  virtual Result<std::vector<Target>> addresses(const Context& context, const std::string& host, int port) = 0;
};

/// `clock` is borrowed. `patience`: for one question. `server`: `192.0.2.53` or `127.0.0.1:5353`, several with commas,
/// asked for everything; empty: those of this machine, and its getaddrinfo for addresses.
std::unique_ptr<DnsClient> make_dns_client(Clock& clock, Duration patience, std::string server = {});

}  // namespace trunkform::probe
