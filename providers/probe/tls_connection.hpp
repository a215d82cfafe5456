#pragma once
// One fresh TLS connection, never resumed, that trusts nobody: what the peer shows is the question. Used by one thread.
#include <memory>
#include <string>
#include <vector>

#include "providers/probe/resolve.hpp"
#include "schemas/ports/clock.hpp"

namespace trunkform::probe {

struct TlsSettings {
  std::string server_name;  ///< SNI; empty: none is sent
  std::string min_version = "1.2";
  Duration timeout = std::chrono::seconds(10);  ///< for connecting and the handshake; then for all that follows
};

class TlsConnection {
 public:
  /// Errors: unavailable (refused, no route), timeout, protocol (the handshake failed), cancelled, invalid_input
  /// (`min_version`). A peer that ends the handshake because it wants a certificate of ours has shown its own: that is
  /// a connection whose `finished` is false.
  static Result<TlsConnection> open(const Context& context, Clock& clock, const Target& target,
                                    const TlsSettings& settings);

  TlsConnection(TlsConnection&&) noexcept;
  TlsConnection& operator=(TlsConnection&&) noexcept;
  ~TlsConnection();

  bool finished() const;
  std::string protocol() const;                 ///< `TLSv1.3`
  std::vector<std::string> peer_chain() const;  ///< DERs as sent, leaf first
  std::string local_address() const;            ///< `192.0.2.1:40000`

  /// Until when everything from now on must have happened; `open` allows its settings' `timeout`.
  void allow(Duration duration);
  Result<> write(const Context& context, std::string_view bytes);
  /// Some bytes; empty at the end of the stream.
  Result<std::string> read(const Context& context);

 private:
  struct State;
  explicit TlsConnection(std::unique_ptr<State> state);
  std::unique_ptr<State> m_state;
};

}  // namespace trunkform::probe
