#pragma once
// Every address of a host. Thread-safe. The system's resolver cannot be interrupted: it is asked on a thread of its
// own, which is left behind where the caller gives up.
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

#include "schemas/model/result.hpp"
#include "schemas/ports/clock.hpp"

namespace trunkform::probe {

struct Target {
  ::sockaddr_storage address{};
  ::socklen_t size = 0;
  std::string text;  ///< `192.0.2.10:5061`, `[2001:db8::1]:5061`
};

/// In the resolver's order, each once, never empty. A name's addresses of version 6 are left out where this machine has
/// none of its own, and likewise of version 4 (docs/decisions/0181). Errors: not_found (no such name), unavailable (no
/// answer), timeout (after `patience`, or at the deadline), cancelled.
Result<std::vector<Target>> resolve(const Context& context, Clock& clock, Duration patience, const std::string& host,
                                    int port);

/// Appends an address with that port, unless it is there.
void add_target(std::vector<Target>& targets, const ::sockaddr& address, ::socklen_t size, int port);

/// Whether `host` is an address and no name: then it is no SNI (RFC 6066 §3).
bool is_address(const std::string& host);

}  // namespace trunkform::probe
