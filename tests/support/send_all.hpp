#pragma once
// For the proxies of tests.
#include <string_view>

#include <sys/socket.h>

namespace trunkform::testing {

/// Every byte; false: the other end is gone.
inline bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace trunkform::testing
