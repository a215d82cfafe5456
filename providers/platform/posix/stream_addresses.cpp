#include "providers/platform/posix/stream_addresses.hpp"

#include <sys/socket.h>

namespace trunkform::platform {

StreamAddresses find_stream_addresses(std::string host, const std::string& port, int flags) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo wanted{};
  wanted.ai_flags = flags | AI_NUMERICSERV;
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const bool is_any = host.empty() && (flags & AI_PASSIVE) != 0;
  const int code = ::getaddrinfo(is_any ? nullptr : host.c_str(), port.c_str(), &wanted, &found);
  return {std::unique_ptr<addrinfo, FreeAddresses>(found), code};
}

}  // namespace trunkform::platform
