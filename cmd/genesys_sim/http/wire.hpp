#pragma once
// One HTTP connection as bytes; answers leave as the model's Delivery says. One thread.
#include <array>
#include <atomic>
#include <cstddef>

#include <sys/types.h>

#include "cmd/genesys_sim/service/message.hpp"
#include "cmd/genesys_sim/socket.hpp"
#include "cmd/genesys_sim/tls/tls.hpp"

namespace trunkform::sim {

class Wire {
 public:
  /// All borrowed. `tls` may be null.
  Wire(const Socket& socket, TlsConnection* tls, const std::atomic<bool>& stop)
      : m_socket(socket), m_tls(tls), m_stop(stop) {}

  /// Waits for the first byte of another request; false: none came in time, the peer left, or we stop.
  bool await_request();
  /// For the answer that is written next.
  void plan(const Delivery& delivery);
  bool is_dead() const { return m_dead; }

  bool is_readable() const;
  bool is_writable() const;
  /// As recv and send: bytes, or -1.
  ssize_t read(char* data, std::size_t size);
  ssize_t write(const char* data, std::size_t size);
  int descriptor() const { return m_socket.get(); }

 private:
  const Socket& m_socket;
  TlsConnection* m_tls;
  const std::atomic<bool>& m_stop;
  Delivery m_plan;
  bool m_headers_sent = false;
  bool m_dead = false;
  std::size_t m_body_sent = 0;
  std::array<char, 32 << 10> m_buffer;
  std::size_t m_begin = 0, m_end = 0;

  bool wait(short events) const;
  ssize_t fill();
  bool send_all(const char* data, std::size_t size);
  bool send_in_pieces(const char* data, std::size_t size);
  void pause(Duration duration) const;
  void wait_for_the_peer_to_leave();
  ssize_t die(Ending ending);
};

}  // namespace trunkform::sim
