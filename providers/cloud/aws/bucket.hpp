#pragma once
// A bucket of Amazon S3, or of a server that speaks the same (Amazon S3 API Reference), as the port wants it. What is
// in it is treated as the secrets of other services are: it stays in locked memory until it is read. Thread-safe.
#include <functional>
#include <string>

#include "providers/cloud/aws/bucket_place.hpp"
#include "providers/cloud/aws/credential_keeper.hpp"
#include "providers/cloud/aws/signed_request.hpp"
#include "providers/cloud/caller.hpp"
#include "schemas/ports/object_store.hpp"

namespace trunkform::cloud::aws {

struct BucketOptions {
  std::string region;
  BucketPlace place;
  /// The account that must own the bucket: S3 refuses one of another's. Null: any. From several threads.
  std::function<Result<std::string>(const Context& context)> owner{};
  std::string encryption{};                     ///< `AES256`, `aws:kms`, `aws:kms:dsse`; empty: what the bucket says
  std::string kms_key_id{};                     ///< with `aws:kms`; empty: the bucket's
  Duration timeout = std::chrono::seconds(60);  ///< of one request
  CallerOptions calls{};
};

class Bucket final : public ObjectStore {
 public:
  /// All are borrowed.
  Bucket(BucketOptions options, CredentialKeeper& credentials, HttpClient& http, Clock& clock, Random& random);

  std::string place() const override { return m_options.place.shown; }
  Result<std::optional<StoredObject>> get(const Context& context, const std::string& key) override;
  Result<std::string> put(const Context& context, const std::string& key, const std::string& bytes,
                          const WriteCondition& condition) override;
  Result<> remove(const Context& context, const std::string& key) override;
  Result<ObjectKeys> list(const Context& context, const std::string& prefix, const std::string& after,
                          int most) override;
  Result<std::vector<ObjectVersion>> versions(const Context& context, const std::string& key, int most) override;
  Result<std::optional<StoredObject>> get_version(const Context& context, const std::string& key,
                                                  const std::string& id) override;
  Result<Instant> now(const Context& context, const std::string& key) override;

 private:
  BucketOptions m_options;
  CredentialKeeper& m_credentials;
  Caller m_caller;

  SignedRequest request(const std::string& method, const std::string& key) const;
  Result<HttpResponse> call(const Context& context, const std::string& operation, SignedRequest& request,
                            Repeat repeat);
};

}  // namespace trunkform::cloud::aws
