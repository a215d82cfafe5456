#pragma once
// A state server over HTTP: the protocol of Terraform's backend `http`, which GitLab speaks. Reads and asking for the
// lock are repeated; a write is where it certainly was not carried out. Thread-safe.
#include <optional>
#include <string>

#include "providers/cloud/caller.hpp"
#include "providers/cloud/http_state/place.hpp"
#include "schemas/ports/state_server.hpp"

namespace trunkform::cloud::http_state {

struct ServerOptions {
  Place place;
  std::optional<SecretBuffer> authorization;          ///< the whole header; none: nobody in particular
  std::optional<ClientCertificate> certificate = {};  ///< shown where the server asks for one
  Duration timeout = std::chrono::seconds(60);
  CallerOptions calls = {};
};

class Server final : public StateServer {
 public:
  /// The ports are borrowed.
  Server(ServerOptions options, HttpClient& http, Clock& clock, Random& random);

  StateAddresses addresses() const override { return m_options.place.addresses(); }
  std::string place(const std::string& workspace) const override;
  Result<std::optional<std::string>> get(const Context& context, const std::string& workspace) override;
  Result<> put(const Context& context, const std::string& workspace, const std::string& bytes,
               const std::string& lock_id) override;
  Result<> remove(const Context& context, const std::string& workspace, const std::string& lock_id) override;
  Result<LockAnswer> lock(const Context& context, const std::string& workspace, const std::string& info) override;
  Result<> unlock(const Context& context, const std::string& workspace, const std::string& info) override;
  Result<Instant> now(const Context& context, const std::string& workspace) override;

 private:
  ServerOptions m_options;
  Caller m_caller;

  struct Ask;
  Result<HttpResponse> call(const Context& context, const Ask& ask);
  Result<HttpResponse> read(const Context& context, const std::string& workspace);
};

}  // namespace trunkform::cloud::http_state
