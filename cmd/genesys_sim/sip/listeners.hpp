#pragma once
// A SIP TLS port for each of a few trunks: serves the chain and key that the service says are to be served now, and
// answers OPTIONS. One thread accepts, one thread a connection. Destruction closes everything and joins.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cmd/genesys_sim/service/service.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::sim {

struct SipPort {
  std::string trunk_id;
  std::string trunk_name;  ///< followed where the id is gone and another trunk has the name
  int port = 0;            ///< 0: any free one
};

class SipListeners {
 public:
  virtual ~SipListeners() = default;
  /// With the ports that were really opened.
  virtual const std::vector<SipPort>& ports() const = 0;

  /// `service` is borrowed. Errors: io (a port that is taken).
  static Result<std::unique_ptr<SipListeners>> open(std::vector<SipPort> ports, const Service& service,
                                                    std::function<Instant()> clock);
};

}  // namespace trunkform::sim
