#pragma once
// A secret of AWS Secrets Manager with a certificate chain and its key. Its earlier versions are the way back: the one
// labelled AWSPREVIOUS for certain, others as long as AWS keeps them. Thread-safe.
#include <functional>
#include <memory>
#include <string>

#include "providers/cloud/aws/client.hpp"
#include "providers/sources/aws_secretsmanager/secret_content.hpp"
#include "schemas/ports/certificate_source.hpp"

namespace trunkform::sources {

struct AwsSecretPlace {
  std::string secret;                    ///< name or whole ARN
  std::string stage = "AWSCURRENT";      ///< the label of the version that is offered
  std::optional<std::string> version{};  ///< pinned: a version's id; `stage` has no say then
  FieldNames fields{};
};

class AwsSecretsManagerSource final : public CertificateSource {
 public:
  /// `client` is borrowed. `passphrase`: of PKCS #12 and of an encrypted key; null: none. Asked at each call that reads
  /// the secret; its error is the call's.
  AwsSecretsManagerSource(cloud::aws::Client& client, AwsSecretPlace place,
                          std::function<Result<SecretBuffer>()> passphrase = nullptr)
      : m_client(client), m_place(std::move(place)), m_passphrase(std::move(passphrase)) {}

  /// The whole secret is read to see its chain: the key is received into locked memory, and never looked at.
  Capability capability() const override { return Capability::opaque; }
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;

 private:
  struct Read;

  Result<cloud::SecretJson> metadata(const Context& context);
  /// Which version the metadata shows; none where they may not be read.
  Result<std::optional<VersionId>> offered(const Context& context);
  Result<std::unique_ptr<Read>> read(const Context& context, const std::optional<VersionId>& version);
  Result<std::vector<SourceVersion>> listed(const Context& context);
  Error no_stage(cloud::SecretJson& metadata) const;
  Error explained(Error error) const;

  cloud::aws::Client& m_client;
  AwsSecretPlace m_place;
  std::function<Result<SecretBuffer>()> m_passphrase;
};

}  // namespace trunkform::sources
