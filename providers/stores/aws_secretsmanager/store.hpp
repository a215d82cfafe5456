#pragma once
// A secret of AWS Secrets Manager. Each write is a version of its own, labelled by its own id, that nobody reads;
// moving the label AWSCURRENT, or TRUNKFORM_PENDING for a staged key, from the version that it was on is what counts,
// and AWS does that for one writer only (UpdateSecretVersionStage with RemoveFromVersionId). Thread-safe.
#include "providers/cloud/aws/client.hpp"
#include "providers/stores/aws_secretsmanager/labels.hpp"
#include "schemas/ports/secret_store.hpp"

namespace trunkform::stores {

class AwsSecretsManagerStore final : public SecretStore {
 public:
  /// `client` is borrowed. `secret`: its name, or its ARN where it exists. What does not exist is created by the first
  /// write, under a name.
  AwsSecretsManagerStore(cloud::aws::Client& client, std::string secret)
      : m_client(client), m_secret(std::move(secret)) {}

  WriteGuarantee guarantee() const override { return WriteGuarantee::compare_and_swap; }
  /// `arn:aws:secretsmanager:eu-central-1:123456789012:secret:sip/carrier-a`: without the six characters that AWS adds,
  /// which nobody knows before the secret is there.
  Result<std::string> place(const Context& context) override;
  Result<std::optional<StoredVersion>> current(const Context& context) override;
  Result<std::optional<StagedKey>> staged(const Context& context) override;
  Result<> stage(const Context& context, const StagedKey& key, const std::optional<std::string>& instead_of) override;
  Result<VersionId> promote(const Context& context, const std::string& request, const KeyPair& pair,
                            const std::optional<VersionId>& expected) override;
  Result<> unstage(const Context& context, const std::string& request) override;

 private:
  cloud::aws::Client& m_client;
  std::string m_secret;

  std::string shown() const;
  Result<SecretBuffer> call(const Context& context, const std::string& operation, const SecretBuffer& body);
  /// None: there is no such secret.
  Result<std::optional<SecretLabels>> look(const Context& context);
  Result<SecretLabels> seen(const Context& context);
  /// With a first version, so that no key becomes that.
  Result<SecretLabels> prepared(const Context& context);
  Result<> create(const Context& context);
  Result<> put(const Context& context, const std::string& version, const SecretBuffer& value);
  /// `from` and `to` may be empty: a label that is nowhere, and one that is taken off. Error: conflict, where it is not
  /// on `from` and not on `to` either.
  Result<> move(const Context& context, std::string_view label, const std::string& from, const std::string& to,
                const Error& otherwise);
  Result<> take_off(const Context& context, const SecretLabels& labels, const std::string& request);
  void clear(const Context& context, const SecretLabels& labels, const std::string& version);
};

}  // namespace trunkform::stores
