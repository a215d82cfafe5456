#include "cmd/genesys_sim/socket.hpp"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace trunkform::sim {

Socket::~Socket() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}

void Socket::receive_timeout(int milliseconds) const {
  const timeval wait{milliseconds / 1000, (milliseconds % 1000) * 1000};
  ::setsockopt(m_descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
}

void Socket::abort_on_close() const {
  const linger now{1, 0};
  ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

Result<Listening> listen_on_loopback(int port) {
  const auto failed = [port] {
    return Error(ErrorCode::io, fmt::format("cannot listen on 127.0.0.1:{}", port), std::strerror(errno));
  };
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return failed();
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.get(), generic, size) != 0 || ::listen(socket.get(), 256) != 0 ||
      ::getsockname(socket.get(), generic, &size) != 0)
    return failed();
  return Listening{std::move(socket), ntohs(address.sin_port)};
}

}  // namespace trunkform::sim
