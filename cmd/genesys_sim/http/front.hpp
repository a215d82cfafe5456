#pragma once
// The service on a socket: cpp-httplib reads requests and writes answers, and a stream of our own carries out what the
// model says about delivery (resets, torn and slow bodies, silence). Destruction closes everything and joins.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cmd/genesys_sim/service/service.hpp"
#include "cmd/genesys_sim/tls/tls.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::sim {

struct FrontOptions {
  std::string host = "127.0.0.1";
  int port = 0;              ///< 0: any free one
  std::size_t threads = 64;  ///< connections served at a time
  std::optional<TlsContext> tls;
};

class HttpFront {
 public:
  virtual ~HttpFront() = default;
  virtual int port() const = 0;

  /// Listens and serves in threads of its own. `service` is borrowed. Error: io (the port is taken).
  static Result<std::unique_ptr<HttpFront>> start(FrontOptions options, Service& service,
                                                  std::function<Instant()> clock);
};

}  // namespace trunkform::sim
