#pragma once
// A secret of a Kubernetes cluster with a chain and its key, of type kubernetes.io/tls as cert-manager writes it, or
// Opaque with fields of other names. A cluster keeps one version of it, so there is no way back. Thread-safe.
#include <string>

#include "providers/cloud/kubernetes/client.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/sources/secret_fields.hpp"
#include "schemas/ports/certificate_source.hpp"

namespace trunkform::sources {

struct KubernetesSecretPlace {
  std::string name_space;
  std::string secret;
  std::string certificate_field = "tls.crt";
  std::string key_field = "tls.key";
};

class KubernetesSecretSource final : public CertificateSource {
 public:
  /// `client` is borrowed.
  KubernetesSecretSource(cloud::kubernetes::Client& client, KubernetesSecretPlace place)
      : m_client(client), m_place(std::move(place)) {}

  /// The whole secret is read to see its chain; the key is received into locked memory, and never looked at.
  Capability capability() const override { return Capability::opaque; }
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;

 private:
  struct Seen;

  cloud::kubernetes::Client& m_client;
  KubernetesSecretPlace m_place;

  Result<Seen> read(const Context& context, cloud::kubernetes::Part part);
  SecretFields fields_in(cloud::SecretJson& json) const;
  std::string shown() const;
};

}  // namespace trunkform::sources
