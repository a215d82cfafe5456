#pragma once
// Smallstep's step-ca by its own interface (`/1.0/sign`, `/1.0/revoke`): it signs at once what a provisioner's token
// asks for, and cannot be asked for it again. Thread-safe.
#include <functional>
#include <string>

#include "providers/cloud/caller.hpp"
#include "providers/issuers/step_ca/token.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/issuer.hpp"

namespace trunkform::issuers {

struct StepCaPlace {
  std::string url;  ///< without a slash at the end
  std::string provisioner;
  std::string key;      ///< reference of the provisioner's private key
  std::string key_id;   ///< of a JWK provisioner; empty: the key's thumbprint
  Path certificate;     ///< of an X5C provisioner: PEM, the key's certificate first; empty: it is a JWK provisioner
  std::string ca_file;  ///< the authority's roots; empty: the machine's
};

class StepCa final : public Issuer {
 public:
  struct Ports {
    FileSystem& files;
    HttpClient& http;
    Clock& clock;
    Random& random;
    std::function<Result<SecretBuffer>(const std::string& reference)> secret;
    std::function<Result<>(const std::string& reference)> readable;  ///< whether `secret` may read it; reads nothing
    std::function<Result<>(const std::string& url, const std::string& kind)> host;
  };
  StepCa(Ports ports, StepCaPlace place)
      : m_ports(std::move(ports)),
        m_caller({}, m_ports.http, m_ports.clock, m_ports.random),
        m_place(std::move(place)) {}

  std::string place() const override { return m_place.url; }
  /// Error: untrusted.
  Result<> allowed() override;
  /// Whether the authority has the provisioner, and whether what we have belongs to it.
  Checkup examine(const Context& context) override;
  /// Error besides the port's: outcome_unknown: the answer was lost, and a certificate may have been signed.
  Result<OrderStatus> submit(const Context& context, const IssueOrder& order) override;
  /// Error: not_found, always: the service keeps no orders.
  Result<OrderStatus> poll(const Context& context, const std::string& ref, const IssueOrder& order) override;
  Result<> revoke(const Context& context, const std::string& leaf_der, RevocationReason reason) override;

 private:
  Ports m_ports;
  cloud::Caller m_caller;
  StepCaPlace m_place;

  /// The body of a request with the one token that it may be sent with.
  using Body = std::function<SecretBuffer(const SecretBuffer& token)>;
  Result<HttpResponse> post(const Context& context, const std::string& operation, const step_ca::Claims& claims,
                            const Body& body, cloud::Repeat repeat, cloud::Change* change = nullptr);
  Result<HttpResponse> get(const Context& context, const std::string& path);
  void tell_why_denied(const Context& context, const step_ca::Provisioner& own, const SecretBuffer& key, Error& error);
  /// What a token is made with. `allowed` comes first.
  Result<step_ca::Provisioner> provisioner() const;
  Result<SecretBuffer> key() const;
};

}  // namespace trunkform::issuers
