#pragma once
// A TLS server on the loopback, for probes: it shows a chain and then does what the test says.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/providers/support/raw_server.hpp"

namespace trunkform::testing {

struct TlsServerSettings {
  std::string chain_pem, key_pem;
  int min_version = 0, max_version = 0;  ///< OpenSSL's numbers; 0: any
  bool wants_client_certificate = false;
  std::string client_roots_pem{};  ///< a client may show a certificate of theirs: TlsSession::client()
};

/// One connection after its handshake.
class TlsSession {
 public:
  explicit TlsSession(void* ssl) : m_ssl(ssl) {}
  std::string read();
  void write(const std::string& bytes);
  std::string server_name() const;
  bool resumed() const;
  /// Subjects of what the client has shown, its own first: `/CN=sip.example.com`. Empty: nothing.
  std::vector<std::string> client() const;

 private:
  void* m_ssl;
};

class TlsServer {
 public:
  using Handler = std::function<void(TlsSession&)>;
  TlsServer(const TlsServerSettings& settings, Handler handler);
  ~TlsServer();
  int port() const;

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace trunkform::testing
