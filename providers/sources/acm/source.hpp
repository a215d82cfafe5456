#pragma once
// A certificate of AWS Certificate Manager that may be exported. ACM keeps one certificate under an ARN, the newest: a
// renewal takes the place of the one before, so there is no way back to that. Thread-safe.
#include <mutex>
#include <string>

#include "providers/cloud/aws/client.hpp"
#include "providers/cloud/secret_json.hpp"
#include "schemas/ports/certificate_source.hpp"

namespace trunkform::sources {

/// Exactly one is given.
struct AcmPlace {
  std::string arn;
  std::string domain;  ///< the one issued certificate with this name
};

class AcmSource final : public CertificateSource {
 public:
  /// `client` is borrowed.
  AcmSource(cloud::aws::Client& client, AcmPlace place) : m_client(client), m_place(std::move(place)) {}

  /// Who may describe a certificate need not be allowed to export it.
  Capability capability() const override { return Capability::sealed; }
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  /// The one that is there: its version is the digest of its certificates.
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;

 private:
  Result<cloud::SecretJson> call(const Context& context, const std::string& operation, const SecretBuffer& body);
  /// The ARN, looked up once where a domain was given.
  Result<std::string> arn(const Context& context);
  Result<std::string> find(const Context& context);
  Result<cloud::SecretJson> details(const Context& context, const std::string& arn);
  Error no_such_version() const;
  std::string shown() const;

  cloud::aws::Client& m_client;
  AcmPlace m_place;
  std::mutex m_mutex;
  std::string m_found;  ///< what a domain led to
};

}  // namespace trunkform::sources
