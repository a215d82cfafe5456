#pragma once
// The server's side of TLS for the simulator's two fronts. Sessions are never resumed, so that every connection shows
// what is bound at that moment. TLS 1.2 and up. SIGPIPE is ignored from the first context on: a peer that left is not
// a reason to die.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::sim {

/// Immutable; shared by connections and threads.
class TlsContext {
 public:
  /// Serves exactly the certificates of `chain_pem`, in their order. Error: invalid_input, without the key.
  static Result<TlsContext> make(const std::string& chain_pem, const std::string& key_pem);
  /// Has nothing to serve: every handshake ends with an alert.
  static TlsContext empty();
  void* native() const { return m_context.get(); }  ///< SSL_CTX*

 private:
  explicit TlsContext(std::shared_ptr<void> context) : m_context(std::move(context)) {}
  std::shared_ptr<void> m_context;
};

/// `again`: nothing happened within the socket's own receive timeout.
enum class Io { done, again, closed };

/// One connection on a socket that stays the caller's. Not thread-safe.
class TlsConnection {
 public:
  TlsConnection(const TlsContext& context, int socket);
  Io handshake();
  struct ReadResult {
    Io io = Io::closed;
    std::size_t size = 0;
  };
  ReadResult read(char* data, std::size_t size);
  Io write(std::string_view bytes);  ///< all of them
  bool has_pending() const;          ///< decrypted bytes wait: the socket need not be readable
  void close_notify();

 private:
  std::shared_ptr<void> m_ssl;
};

}  // namespace trunkform::sim
