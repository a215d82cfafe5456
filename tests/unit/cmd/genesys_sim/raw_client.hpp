#pragma once
// The other side of a test's sockets: plain bytes, and TLS by OpenSSL's client, independent of what is tested.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace trunkform::sim::testing {

/// How a read ended.
enum class End { closed, reset, timeout };

struct Received {
  std::string bytes;
  End end = End::closed;
  std::chrono::milliseconds took{};
};

class RawClient {
 public:
  explicit RawClient(int port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  void send(const std::string& bytes);
  /// Until the peer ends or `patience` is over.
  Received read_all(std::chrono::milliseconds patience = std::chrono::seconds(5));
  /// Until `mark` has arrived.
  std::string read_until(const std::string& mark);
  int descriptor() const { return m_socket; }

 private:
  int m_socket;
};

/// `verify` nothing: what is served is the question.
class TlsClient {
 public:
  /// `max_version`: 0, or an OpenSSL protocol number.
  explicit TlsClient(int port, int max_version = 0);
  ~TlsClient();
  bool connected() const { return m_connected; }
  std::vector<std::string> chain_pem() const;  ///< as served, in order
  std::string version() const;
  void send(const std::string& bytes);
  std::string read_until(const std::string& mark);  ///< shorter where the peer ends

 private:
  RawClient m_raw;
  std::shared_ptr<void> m_context, m_ssl;
  bool m_connected = false;
};

}  // namespace trunkform::sim::testing
