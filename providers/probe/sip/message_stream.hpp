#pragma once
// Whole SIP messages out of one TLS connection, each at most 64 KiB. Used by one thread.
#include <optional>
#include <string>

#include "providers/probe/tls_connection.hpp"

namespace trunkform::probe {

class MessageStream {
 public:
  /// `connection` is borrowed.
  explicit MessageStream(TlsConnection& connection) : m_connection(connection) {}

  /// The next message, without the keep-alives before it; none at the end of the stream. Errors: the connection's;
  /// protocol (its end cannot be told, or it is larger than any).
  Result<std::optional<std::string>> next(const Context& context);

 private:
  TlsConnection& m_connection;
  std::string m_bytes;
};

}  // namespace trunkform::probe
