#pragma once
// The members of a cluster, asked one at a time: who does not answer is passed over where that is safe. Who we are is
// told to whoever is asked, and told again, once, where it is not known any more. Thread-safe.
//
// gRPC's headers are slow to compile: this one is for members.cpp and store.cpp alone, which say what is called.
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "providers/cloud/etcd/endpoints.hpp"
#include "providers/cloud/etcd/refusal.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace grpc {
class ChannelInterface;
class ClientContext;
class Status;
}  // namespace grpc

namespace trunkform::cloud::etcd {

/// Who a run is for etcd: by a password, by the certificate it shows, by both, or nobody.
struct Identity {
  std::string user;
  SecretBuffer password;
  std::optional<ClientCertificate> certificate;
};

class Members {
 public:
  /// `roots`: PEM of the authorities that sign members' certificates. `patience`: for one answer. `clock` is borrowed.
  Members(std::vector<Endpoint> endpoints, Identity identity, std::string roots, Duration patience, Clock& clock);
  ~Members();
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;

  /// Asks by `rpc`, which may be called several times. Errors: refusal_of's; cancelled, timeout.
  using Rpc = std::function<grpc::Status(const std::shared_ptr<grpc::ChannelInterface>&, grpc::ClientContext&)>;
  Result<> call(const Context& context, Call kind, const Rpc& rpc);

  const std::vector<Endpoint>& endpoints() const { return m_endpoints; }
  const Identity& identity() const { return m_identity; }

 private:
  struct Channels;
  const std::vector<Endpoint> m_endpoints;
  const Identity m_identity;
  const std::string m_roots;
  const Duration m_patience;
  Clock& m_clock;
  std::mutex m_mutex;
  std::unique_ptr<Channels> m_channels;  ///< guarded by `m_mutex`; made at the first call
  std::size_t m_asked = 0;               ///< guarded by `m_mutex`: who answered last
  std::string m_token;                   ///< guarded by `m_mutex`: the login; empty: none yet

  struct Asked {
    std::size_t index = 0;
    std::shared_ptr<grpc::ChannelInterface> channel;
  };
  Asked asked_now();
  void ask_another(std::size_t than);
  std::optional<Refusal> ask(const Context& context, Call kind, const Rpc& rpc);
  std::optional<Refusal> log_in(const Context& context, const Asked& asked);
  grpc::Status send(const Context& context, const Asked& asked, const std::string& token, const Rpc& rpc) const;
  Duration time_left(const Context& context) const;
  bool wait_for_connection(const Context& context, const Asked& asked) const;
};

}  // namespace trunkform::cloud::etcd
