#include "tests/support/cutting_proxy.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/send_all.hpp"

namespace trunkform::testing {
namespace {

sockaddr_in address_of(const std::string& host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("not an IPv4 address: " + host);
  return address;
}

/// Bytes that are there; empty: the end.
std::string receive(int socket) {
  std::array<char, 65536> buffer{};
  const auto got = ::recv(socket, buffer.data(), buffer.size(), 0);
  return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
}

bool has_bytes(int socket, int milliseconds) {
  pollfd look{socket, POLLIN, 0};
  return ::poll(&look, 1, milliseconds) > 0;
}

}  // namespace

CuttingProxy::CuttingProxy(std::string host, std::uint16_t port)
    : m_host(std::move(host)), m_to(port), m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  auto address = address_of("127.0.0.1", 0);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);  // NOLINT: as sockets want it
  if (m_listener < 0 || ::bind(m_listener, plain, size) != 0 || ::listen(m_listener, 64) != 0 ||
      ::getsockname(m_listener, plain, &size) != 0)
    throw std::runtime_error("the proxy cannot listen");
  m_port = ntohs(address.sin_port);
  m_acceptor = std::jthread([this](const std::stop_token& stop) { accept_all(stop); });
}

CuttingProxy::~CuttingProxy() {
  m_acceptor = {};
  m_links.clear();
  ::close(m_listener);
}

void CuttingProxy::cut_next(Cut cut, std::vector<std::string> words) {
  const std::scoped_lock guard(m_mutex);
  m_next = cut;
  m_words = std::move(words);
}

std::optional<CuttingProxy::Cut> CuttingProxy::cut_for(std::string_view request) {
  const std::scoped_lock guard(m_mutex);
  const auto stands_in = [&](const std::string& word) { return request.find(word) != std::string_view::npos; };
  if (!m_next || std::none_of(m_words.begin(), m_words.end(), stands_in)) return std::nullopt;
  ++m_cuts;
  return std::exchange(m_next, std::nullopt);
}

void CuttingProxy::accept_all(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!has_bytes(m_listener, 50)) continue;
    const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    m_links.emplace_back([this, client](const std::stop_token& end) { carry(end, client); });
  }
}

void CuttingProxy::carry(const std::stop_token& stop, int client) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = address_of(m_host, m_to);
  bool is_open = ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;  // NOLINT: as above
  while (is_open && !stop.stop_requested()) {
    std::array<pollfd, 2> looks{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    if (::poll(looks.data(), looks.size(), 50) <= 0) continue;
    if (looks[0].revents != 0) {
      const auto request = receive(client);
      const auto cut = request.empty() ? std::nullopt : cut_for(request);
      if (request.empty() || cut == Cut::before_the_request) break;
      is_open = send_all(server, request);
      if (cut == Cut::before_the_answer) {
        (void)receive(server);
        break;
      }
    }
    if (looks[1].revents != 0) {
      const auto answer = receive(server);
      is_open = !answer.empty() && send_all(client, answer);
    }
  }
  ::close(server);
  ::close(client);
}

}  // namespace trunkform::testing
