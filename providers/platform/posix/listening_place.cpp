#include "providers/platform/posix/listening_place.hpp"

#include <array>

#include <fmt/format.h>

#include "providers/platform/posix/stream_addresses.hpp"

namespace trunkform::platform {

bool ListeningPlace::covers(const ListeningPlace& other) const {
  if (*this == other) return true;
  if (port != other.port || port == "0") return false;
  return host == "::" || (host == "0.0.0.0" && other.host.find(':') == std::string::npos);
}

Result<ListeningPlace> listening_place(const std::string& address) {
  const auto refused = [&] {
    return Error(ErrorCode::invalid_input, fmt::format("'{}' is no address to listen at", address))
        .hint("write an address of this machine and a port: 0.0.0.0:80, or [::]:80");
  };
  const auto colon = address.rfind(':');
  if (colon == std::string::npos || colon + 1 == address.size()) return refused();
  const auto found =
      find_stream_addresses(address.substr(0, colon), address.substr(colon + 1), AI_PASSIVE | AI_NUMERICHOST);
  if (found.code != 0) return refused();
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (::getnameinfo(found.list->ai_addr, found.list->ai_addrlen, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return refused();
  return ListeningPlace{host.data(), port.data()};
}

}  // namespace trunkform::platform
