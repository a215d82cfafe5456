#pragma once
// The addresses behind a host and port for TCP, as getaddrinfo gives them. Blocks while a name is looked up.
#include <memory>
#include <string>

#include <netdb.h>

namespace trunkform::platform {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

struct StreamAddresses {
  std::unique_ptr<addrinfo, FreeAddresses> list;  ///< never null where `code` is 0
  int code = 0;                                   ///< of getaddrinfo (`EAI_…`)
};

/// `host`: a name, or an address with or without brackets; empty, with AI_PASSIVE: every address of this
/// machine. `port`: a number.
/// `flags`: `AI_…`, besides AI_NUMERICSERV.
StreamAddresses find_stream_addresses(std::string host, const std::string& port, int flags);

}  // namespace trunkform::platform
