#include "providers/platform/posix/path_server.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "providers/platform/posix/listening_place.hpp"
#include "providers/platform/posix/stream_addresses.hpp"

namespace trunkform::platform {
namespace {

/// How late the end of a server may be noticed.
constexpr int k_slice_milliseconds = 50;
constexpr std::size_t k_connections = 64;
constexpr std::size_t k_longest_head = 8U << 10;
constexpr auto k_patience = std::chrono::seconds(10);

using SteadyTime = std::chrono::steady_clock::time_point;

struct Connection {
  int socket;
  SteadyTime until;
  std::string head{};
  std::string answer{};  ///< what is still to be sent
};

std::string words(int number) { return std::generic_category().message(number); }

Error listen_error(const std::string& address, int number) {
  const auto summary = fmt::format("cannot listen at {}", address);
  if (number == EACCES || number == EPERM)
    return Error(ErrorCode::denied, summary, words(number))
        .hint(
            "ports below 1024 need a right: setcap cap_net_bind_service=+ep $(command -v trunkform), or in a unit of "
            "systemd AmbientCapabilities=CAP_NET_BIND_SERVICE");
  if (number == EADDRINUSE)
    return Error(ErrorCode::conflict, summary, words(number)).hint("see who listens there: ss -ltnp");
  return Error(number == EADDRNOTAVAIL ? ErrorCode::invalid_input : ErrorCode::io, summary, words(number));
}

Result<int> open_listener(const std::string& address) {
  const auto place = TRY(listening_place(address));
  const auto found = find_stream_addresses(place.host, place.port, AI_PASSIVE | AI_NUMERICHOST);
  if (found.code != 0) return listen_error(address, EADDRNOTAVAIL);
  const int socket = ::socket(found.list->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (socket < 0) return listen_error(address, errno);
  const int on = 1;
  // The last server's connections may linger.
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // `::` is every address, whatever the machine's habit is.
  const int off = 0;
  if (found.list->ai_family == AF_INET6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(socket, found.list->ai_addr, found.list->ai_addrlen) == 0 && ::listen(socket, 64) == 0) return socket;
  const int number = errno;
  ::close(socket);
  return listen_error(address, number);
}

int port_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(bound).sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in&>(bound).sin_port);
}

std::string answer_to(const std::string& head, const std::map<std::string, std::string>& answers) {
  const auto respond = [](const char* status, const std::string& type, const std::string& body) {
    return fmt::format("HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                       type, body.size(), body);
  };
  const auto line = head.substr(0, head.find_first_of("\r\n"));
  if (!line.starts_with("GET ")) return respond("405 Method Not Allowed", "text/plain", "");
  auto path = line.substr(4, line.find(' ', 4) - 4);
  path = path.substr(0, path.find('?'));
  const auto found = answers.find(path);
  if (found == answers.end()) return respond("404 Not Found", "text/plain", "");
  return respond("200 OK", "application/octet-stream", found->second);
}

/// Reads or writes as far as it goes. False: it is over with this one.
bool goes_on(Connection& connection, const std::map<std::string, std::string>& answers) {
  if (connection.answer.empty()) {
    std::array<char, 2048> block{};
    const auto size = ::recv(connection.socket, block.data(), block.size(), 0);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    if (size == 0) return false;
    connection.head.append(block.data(), static_cast<std::size_t>(size));
    if (connection.head.find("\r\n\r\n") == std::string::npos) return connection.head.size() < k_longest_head;
    connection.answer = answer_to(connection.head, answers);
  }
  const auto sent = ::send(connection.socket, connection.answer.data(), connection.answer.size(), MSG_NOSIGNAL);
  if (sent < 0) return errno == EAGAIN || errno == EINTR;
  connection.answer.erase(0, static_cast<std::size_t>(sent));
  if (!connection.answer.empty()) return true;
  ::shutdown(connection.socket, SHUT_WR);
  return false;
}

}  // namespace

Result<std::unique_ptr<PathServer>> PathServer::start(const std::string& address,
                                                      std::map<std::string, std::string> answers) {
  const int listener = TRY(open_listener(address));
  return std::unique_ptr<PathServer>(new PathServer(listener, port_of(listener), std::move(answers)));
}

PathServer::PathServer(int listener, int port, std::map<std::string, std::string> answers)
    : m_listener(listener),
      m_port(port),
      m_answers(std::move(answers)),
      m_thread([this](const std::stop_token& stop) { serve(stop); }) {}

void PathServer::answer_with(std::map<std::string, std::string> answers) {
  const std::scoped_lock lock(m_mutex);
  m_answers = std::move(answers);
}

std::map<std::string, std::string> PathServer::current_answers() {
  const std::scoped_lock lock(m_mutex);
  return m_answers;
}

PathServer::~PathServer() {
  m_thread.request_stop();
  m_thread.join();
  ::close(m_listener);
}

void PathServer::serve(const std::stop_token& stop) {
  std::vector<Connection> connections;
  while (!stop.stop_requested()) {
    std::vector<pollfd> waiting;
    waiting.reserve(connections.size() + 1);
    for (const auto& connection : connections)
      waiting.push_back({connection.socket, static_cast<short>(connection.answer.empty() ? POLLIN : POLLOUT), 0});
    if (connections.size() < k_connections) waiting.push_back({m_listener, POLLIN, 0});
    ::poll(waiting.data(), waiting.size(), k_slice_milliseconds);
    const auto now = std::chrono::steady_clock::now();
    const auto answers = current_answers();
    for (std::size_t i = connections.size(); i-- > 0;) {
      const bool is_due = waiting[i].revents != 0;
      if (now < connections[i].until && (!is_due || goes_on(connections[i], answers))) continue;
      ::close(connections[i].socket);
      connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(i));
    }
    const bool has_caller = waiting.back().fd == m_listener && waiting.back().revents != 0;
    const int caller = has_caller ? ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK) : -1;
    if (caller >= 0) connections.push_back({caller, now + k_patience});
  }
  for (const auto& connection : connections) ::close(connection.socket);
}

}  // namespace trunkform::platform
