#include "providers/platform/posix/message_exchange.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "providers/platform/posix/stream_addresses.hpp"

namespace trunkform::platform {
namespace {

/// How late a stop may be noticed.
constexpr int k_stop_slice_milliseconds = 50;

/// Closes its socket, and knows until when all of it must be over.
class MessageSocket {
 public:
  MessageSocket(const Context& context, std::string server, Duration timeout)
      : m_context(context), m_server(std::move(server)), m_until(std::chrono::steady_clock::now() + timeout) {}
  MessageSocket(const MessageSocket&) = delete;
  MessageSocket& operator=(const MessageSocket&) = delete;
  ~MessageSocket() { close(); }

  Result<> connect(const addrinfo& address) {
    close();
    m_socket = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (m_socket < 0) return failed(errno);
    if (::connect(m_socket, address.ai_addr, address.ai_addrlen) == 0) return {};
    if (errno != EINPROGRESS) return failed(errno);
    TRY(wait(POLLOUT));
    int number = 0;
    socklen_t size = sizeof number;
    ::getsockopt(m_socket, SOL_SOCKET, SO_ERROR, &number, &size);
    if (number != 0) return failed(number);
    return {};
  }

  Result<> send(std::string_view bytes) {
    while (!bytes.empty()) {
      TRY(wait(POLLOUT));
      const auto sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return failed(errno);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
  }

  Result<std::string> receive(std::size_t size) {
    std::string bytes;
    std::array<char, 4096> block{};
    while (bytes.size() < size) {
      TRY(wait(POLLIN));
      const auto got = ::recv(m_socket, block.data(), std::min(block.size(), size - bytes.size()), 0);
      if (got == 0) return Error(ErrorCode::unavailable, fmt::format("{} closed the connection", m_server));
      if (got < 0 && errno != EAGAIN && errno != EINTR) return failed(errno);
      if (got > 0) bytes.append(block.data(), static_cast<std::size_t>(got));
    }
    return bytes;
  }

 private:
  void close() {
    if (m_socket >= 0) ::close(m_socket);
    m_socket = -1;
  }
  Error failed(int number) const {
    return Error(ErrorCode::unavailable, fmt::format("no conversation with {}", m_server),
                 std::generic_category().message(number));
  }
  Result<> wait(short event) const {
    for (;;) {
      if (m_context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped");
      if (std::chrono::steady_clock::now() > m_until)
        return Error(ErrorCode::timeout, fmt::format("{} does not answer", m_server));
      pollfd waiting{m_socket, event, 0};
      if (::poll(&waiting, 1, k_stop_slice_milliseconds) > 0) return {};
    }
  }

  const Context& m_context;
  std::string m_server;
  std::chrono::steady_clock::time_point m_until;
  int m_socket = -1;
};

/// Host and port; the port of DNS where none is given.
std::pair<std::string, std::string> server_parts(const std::string& server) {
  const auto bracket = server.rfind(']');
  const auto colon = server.rfind(':');
  const bool has_port =
      colon != std::string::npos && (bracket == std::string::npos ? server.find(':') == colon : colon > bracket);
  return {server.substr(0, has_port ? colon : std::string::npos), has_port ? server.substr(colon + 1) : "53"};
}

Result<StreamAddresses> addresses_of(const std::string& server) {
  const auto [host, port] = server_parts(server);
  auto found = find_stream_addresses(host, port, 0);
  if (found.code == 0) return found;
  return Error(found.code == EAI_AGAIN ? ErrorCode::unavailable : ErrorCode::invalid_input,
               fmt::format("there is no server '{}'", server), ::gai_strerror(found.code));
}

}  // namespace

Result<std::string> exchange_message(const Context& context, const std::string& server, std::string_view message,
                                     Duration timeout) {
  const auto addresses = TRY(addresses_of(server));
  MessageSocket socket(context, server, timeout);
  auto connected = Result<>(Error(ErrorCode::unavailable, "no address"));
  for (const auto* address = addresses.list.get(); address != nullptr && !connected; address = address->ai_next) {
    connected = socket.connect(*address);
    if (!connected && connected.error().code != ErrorCode::unavailable) break;
  }
  if (!connected) return std::move(connected.error());
  std::string framed;
  framed += static_cast<char>((message.size() >> 8U) & 0xFFU);
  framed += static_cast<char>(message.size() & 0xFFU);
  framed += message;
  TRY(socket.send(framed));
  const auto size = TRY(socket.receive(2));
  return socket.receive((static_cast<std::size_t>(static_cast<unsigned char>(size[0])) << 8U) |
                        static_cast<unsigned char>(size[1]));
}

}  // namespace trunkform::platform
