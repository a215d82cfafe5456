#pragma once
// Stands between a client and the simulated service: ends the client's TLS, passes each request on over a connection of
// its own, and spoils one exchange when it is told to, at one stage, in one way. Speaks HTTP/1.1 and likes HTTP/2
// better, as a service may. A thread a connection; destruction closes everything and joins.
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace trunkform::testing {

enum class Stage {
  connect,    ///< before a byte of TLS
  tls,        ///< after the client's hello
  headers,    ///< of the answer; but for `slow` the service has not seen the request
  body,       ///< of the answer; the service has done it
  committed,  ///< the service has done it, and nothing of the answer is sent
};
enum class Spoil {
  reset,  ///< RST
  fin,    ///< the end, in order for TCP
  stall,  ///< nothing more, until the client gives up
  slow,   ///< in pieces with pauses, and then whole
  torn,   ///< half of what belongs to the stage, and then the end
};
struct WireFault {
  Stage stage = Stage::connect;
  Spoil spoil = Spoil::reset;
};

class FaultProxy {
 public:
  /// `service`: the port of the plain service on loopback. Throws std::runtime_error where it cannot listen.
  FaultProxy(const std::string& chain_pem, const std::string& key_pem, int service);
  ~FaultProxy();
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;

  int port() const { return m_port; }
  /// What is done to the exchange that comes next; none: nothing.
  void expect(std::optional<WireFault> fault);
  /// No connection is kept, so that each exchange has one to spoil.
  void close_each() { m_close_each = true; }
  /// How many faults were carried out.
  int spoilt() const;

 private:
  class Connection;

  int m_service;
  int m_port = 0;
  int m_listener = -1;
  void* m_context = nullptr;  // SSL_CTX*
  bool m_close_each = false;
  mutable std::mutex m_mutex;
  std::optional<WireFault> m_next;
  int m_spoilt = 0;
  bool m_closing = false;
  std::set<int> m_open;
  std::vector<std::thread> m_threads;
  std::thread m_acceptor;

  void accept_all();
  /// The fault, where it is at one of these stages; then it is used up.
  std::optional<Spoil> take(std::initializer_list<Stage> stages, Stage& stage);
};

}  // namespace trunkform::testing
