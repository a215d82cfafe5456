#pragma once
// Every address of a host. Thread-safe. The system's resolver is asked and cannot be interrupted: its own time-outs
// hold.
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

#include "schemas/model/result.hpp"

namespace trunkform::probe {

struct Target {
  ::sockaddr_storage address{};
  ::socklen_t size = 0;
  std::string text;  ///< `192.0.2.10:5061`, `[2001:db8::1]:5061`
};

/// In the resolver's order, each once, never empty. Errors: not_found (no such name), unavailable (no answer).
Result<std::vector<Target>> resolve(const std::string& host, int port);

/// Whether `host` is an address and no name: then it is no SNI (RFC 6066 §3).
bool is_address(const std::string& host);

}  // namespace trunkform::probe
