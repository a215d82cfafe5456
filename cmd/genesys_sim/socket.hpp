#pragma once
// A socket that is closed once.
#include <string>
#include <utility>

#include "schemas/model/result.hpp"

namespace trunkform::sim {

class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : m_descriptor(descriptor) {}
  Socket(Socket&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  int get() const { return m_descriptor; }
  /// From now on reads give up after `wait`.
  void receive_timeout(int milliseconds) const;
  /// Closing will send RST instead of FIN.
  void abort_on_close() const;

 private:
  int m_descriptor = -1;
};

struct Listening {
  Socket socket;
  int port = 0;
};

/// Listens on 127.0.0.1; port 0: any. Error: io, naming the port.
Result<Listening> listen_on_loopback(int port);

}  // namespace trunkform::sim
