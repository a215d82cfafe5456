#pragma once
// A TCP server on the loopback that does to a client what the test says, byte by byte: torn bodies, resets, silence.
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace trunkform::testing {

/// One accepted connection; used by its handler's thread only.
class RawConnection {
 public:
  RawConnection(int socket, std::size_t number) : m_socket(socket), m_number(number) {}
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  /// The next HTTP request, head and body; empty when the peer is gone.
  std::string request();
  void send(const std::string& bytes) const;
  /// RST instead of FIN.
  void reset();
  /// Waits until the peer closes, ten seconds at the most.
  void wait_for_close();
  int socket() const { return m_socket; }
  std::size_t number() const { return m_number; }  ///< of the connection, from 1

 private:
  int m_socket;
  std::size_t m_number;
  std::string m_ahead;
};

class RawServer {
 public:
  using Handler = std::function<void(RawConnection&)>;
  explicit RawServer(Handler handler);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url(const std::string& path = "/") const;
  int port() const { return m_port; }
  std::size_t connections() const { return m_count; }

 private:
  void accept_loop();

  Handler m_handler;
  int m_listener;
  int m_port = 0;
  std::atomic<std::size_t> m_count{0};
  std::atomic<bool> m_stopping{false};
  std::vector<std::jthread> m_threads;
  std::jthread m_acceptor;
};

/// A whole answer with Content-Length; `more` are further header lines, each ended by CRLF.
std::string http_answer(int status, const std::string& body, const std::string& more = {});

}  // namespace trunkform::testing
