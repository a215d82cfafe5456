#include "cmd/genesys_sim/sip/listeners.hpp"

#include <algorithm>
#include <atomic>
#include <list>
#include <map>
#include <mutex>
#include <thread>

#include <poll.h>
#include <sys/socket.h>

#include "cmd/genesys_sim/sip/message.hpp"
#include "cmd/genesys_sim/socket.hpp"
#include "cmd/genesys_sim/tls/tls.hpp"

namespace trunkform::sim {
namespace listeners_detail {

constexpr int k_slice_ms = 50;  ///< how soon a stop, or a session that must end, is seen

class Listeners final : public SipListeners {
 public:
  Listeners(const Service& service, std::function<Instant()> clock) : m_service(service), m_clock(std::move(clock)) {}
  ~Listeners() override {
    m_stop = true;
    if (m_acceptor.joinable()) m_acceptor.join();
    m_sessions.clear();
  }
  Result<> open(std::vector<SipPort> ports);
  const std::vector<SipPort>& ports() const override { return m_ports; }

 private:
  struct Session {
    std::atomic<bool> done = false;
    std::jthread thread;
  };
  const Service& m_service;
  std::function<Instant()> m_clock;
  std::vector<SipPort> m_ports;
  std::vector<Socket> m_sockets;
  std::atomic<bool> m_stop = false;
  std::list<Session> m_sessions;  // touched by the accepting thread, and by the destructor after it has ended
  std::thread m_acceptor;
  std::mutex m_contexts_mutex;
  std::map<PairPtr, TlsContext> m_contexts;

  void accept_all();
  void start(Socket socket, const SipPort& port);
  std::optional<Serving> serving(const SipPort& port) const;
  TlsContext context_for(const PairPtr& pair);
  void talk(const Socket& socket, const SipPort& port);
  void linger_silently(const Socket& socket) const;
  void converse(TlsConnection& tls, const SipPort& port, const PairPtr& began_with) const;
};

Result<> Listeners::open(std::vector<SipPort> ports) {
  for (auto& port : ports) {
    auto listening = TRY(listen_on_loopback(port.port));
    port.port = listening.port;
    m_sockets.push_back(std::move(listening.socket));
  }
  m_ports = std::move(ports);
  m_acceptor = std::thread([this] { accept_all(); });
  return {};
}

void Listeners::accept_all() {
  std::vector<pollfd> polled;
  for (const auto& socket : m_sockets) polled.push_back({socket.get(), POLLIN, 0});
  while (!m_stop) {
    m_sessions.remove_if([](const Session& session) { return session.done.load(); });
    if (::poll(polled.data(), polled.size(), k_slice_ms) <= 0) continue;
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if ((polled[i].revents & POLLIN) == 0) continue;
      Socket socket(::accept4(polled[i].fd, nullptr, nullptr, SOCK_CLOEXEC));
      if (socket.get() >= 0) start(std::move(socket), m_ports[i]);
    }
  }
}

void Listeners::start(Socket socket, const SipPort& port) {
  socket.receive_timeout(k_slice_ms);
  auto& session = m_sessions.emplace_back();
  session.thread = std::jthread([this, &session, &port, owned = std::move(socket)] {
    talk(owned, port);
    session.done = true;
  });
}

std::optional<Serving> Listeners::serving(const SipPort& port) const {
  if (auto found = m_service.serving(port.trunk_id, m_clock())) return found;
  const auto heir = m_service.find_trunk(port.trunk_name);
  return heir ? m_service.serving(*heir, m_clock()) : std::nullopt;
}

TlsContext Listeners::context_for(const PairPtr& pair) {
  if (!pair) return TlsContext::empty();
  const std::lock_guard lock(m_contexts_mutex);
  if (const auto found = m_contexts.find(pair); found != m_contexts.end()) return found->second;
  auto made = TlsContext::make(pair->certificate, pair->private_key);
  return m_contexts.emplace(pair, made ? *made : TlsContext::empty()).first->second;
}

void Listeners::talk(const Socket& socket, const SipPort& port) {
  const auto now = serving(port);
  if (!now || now->mode == ServeMode::refuse) return socket.abort_on_close();
  if (now->mode == ServeMode::silent) return linger_silently(socket);
  TlsConnection tls(context_for(now->pair), socket.get());
  constexpr int k_patience = 10'000 / k_slice_ms;
  Io io = Io::again;
  for (int slice = 0; io == Io::again && slice < k_patience && !m_stop; ++slice) io = tls.handshake();
  if (io == Io::done) converse(tls, port, now->pair);
}

void Listeners::linger_silently(const Socket& socket) const {
  std::array<char, 4096> ignored;
  while (!m_stop) {
    const auto got = ::recv(socket.get(), ignored.data(), ignored.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) return;
  }
}

void Listeners::converse(TlsConnection& tls, const SipPort& port, const PairPtr& began_with) const {
  SipFramer framer;
  std::array<char, 4096> data;
  while (!m_stop && !framer.broken()) {
    const auto now = serving(port);
    if (!now || (now->close_sessions && now->pair != began_with)) break;
    const auto got = tls.read(data.data(), data.size());
    if (got.io == Io::closed) return;
    if (got.io == Io::done) framer.push({data.data(), got.size});
    while (const auto message = framer.next())
      if (tls.write(answer_sip(*message, "trunkform-sim")) == Io::closed) return;
  }
  tls.close_notify();
}

}  // namespace listeners_detail

Result<std::unique_ptr<SipListeners>> SipListeners::open(std::vector<SipPort> ports, const Service& service,
                                                         std::function<Instant()> clock) {
  auto listeners = std::make_unique<listeners_detail::Listeners>(service, std::move(clock));
  TRY(listeners->open(std::move(ports)));
  return std::unique_ptr<SipListeners>(std::move(listeners));
}

}  // namespace trunkform::sim
