#include "tests/unit/providers/support/raw_server.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace trunkform::testing {

RawConnection::~RawConnection() {
  if (m_socket >= 0) ::close(m_socket);
}

std::string RawConnection::request() {
  std::array<char, 65536> space{};
  for (;;) {
    const auto head = m_ahead.find("\r\n\r\n");
    if (head != std::string::npos) {
      std::size_t length = 0;
      const auto field = m_ahead.find("Content-Length: ");
      if (field != std::string::npos && field < head) length = std::stoul(m_ahead.substr(field + 16));
      const auto whole = head + 4 + length;
      if (m_ahead.size() >= whole) {
        auto request = m_ahead.substr(0, whole);
        m_ahead.erase(0, whole);
        return request;
      }
    }
    ::pollfd ready{m_socket, POLLIN, 0};
    if (::poll(&ready, 1, 10000) <= 0) return {};
    const auto count = ::recv(m_socket, space.data(), space.size(), 0);
    if (count <= 0) return {};
    m_ahead.append(space.data(), static_cast<std::size_t>(count));
  }
}

void RawConnection::send(const std::string& bytes) const {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto count = ::send(m_socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

void RawConnection::reset() {
  const ::linger now{1, 0};
  ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(m_socket);
  m_socket = -1;
}

void RawConnection::wait_for_close() {
  std::array<char, 4096> space{};
  for (int waited = 0; waited < 100; ++waited) {
    ::pollfd ready{m_socket, POLLIN, 0};
    if (::poll(&ready, 1, 100) > 0 && ::recv(m_socket, space.data(), space.size(), 0) <= 0) return;
  }
}

RawServer::RawServer(Handler handler)
    : m_handler(std::move(handler)), m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  ::sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::socklen_t size = sizeof address;
  if (::bind(m_listener, reinterpret_cast<::sockaddr*>(&address), size) != 0 || ::listen(m_listener, 64) != 0 ||
      ::getsockname(m_listener, reinterpret_cast<::sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("the test server cannot listen");
  m_port = ntohs(address.sin_port);
  m_acceptor = std::jthread([this] { accept_loop(); });
}

RawServer::~RawServer() {
  m_stopping = true;
  m_acceptor.join();
  m_threads.clear();
  ::close(m_listener);
}

void RawServer::accept_loop() {
  while (!m_stopping) {
    ::pollfd ready{m_listener, POLLIN, 0};
    if (::poll(&ready, 1, 20) <= 0) continue;
    const int socket = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    const auto number = ++m_count;
    m_threads.emplace_back([this, socket, number] {
      RawConnection connection(socket, number);
      m_handler(connection);
    });
  }
}

std::string RawServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(m_port) + path;
}

std::string http_answer(int status, const std::string& body, const std::string& more) {
  return "HTTP/1.1 " + std::to_string(status) + " Word\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         more + "\r\n" + body;
}

}  // namespace trunkform::testing
