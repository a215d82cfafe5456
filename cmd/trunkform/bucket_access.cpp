#include "cmd/trunkform/bucket_access.hpp"

#include "cmd/trunkform/aws_access.hpp"

namespace trunkform::cli {
namespace {

/// What the bucket borrows lives as long as it does.
struct OwnAccess {
  language::AwsProvider identity;
  std::unique_ptr<AwsAccess> access;
  std::unique_ptr<ObjectStore> bucket;
};

Result<> check(const BucketWish& wish) {
  const bool is_account = wish.owner.empty() ||
                          (wish.owner.size() == 12 && wish.owner.find_first_not_of("0123456789") == std::string::npos);
  if (!is_account)
    return Error(ErrorCode::invalid_input, "expected_bucket_owner is not the number of an AWS account")
        .hint("write its twelve digits: aws sts get-caller-identity");
  if (!wish.kms_key_id.empty() && !wish.encryption.starts_with("aws:kms"))
    return Error(ErrorCode::invalid_input, "kms_key_id needs server_side_encryption of that kind")
        .hint("write \"server_side_encryption\": \"aws:kms\" beside it, or leave kms_key_id out");
  return {};
}

}  // namespace

Result<std::shared_ptr<ObjectStore>> open_bucket(World& world, const engine::Trust& trust,
                                                 const language::BackendSettings& backend) {
  const auto said = [&](const char* name) {
    const auto found = backend.arguments.find(name);
    return found == backend.arguments.end() ? std::string() : found->second;
  };
  const BucketWish wish{
      said("bucket"),
      said("endpoint"),
      said("path_style") == "true" ? cloud::aws::BucketStyle::path : cloud::aws::BucketStyle::virtual_host,
      said("expected_bucket_owner"),
      said("server_side_encryption"),
      said("kms_key_id")};
  TRY(check(wish));
  auto own = std::make_shared<OwnAccess>();
  own->identity.region = said("region");
  if (backend.source) own->identity.source = *backend.source;
  own->access = TRY(AwsAccess::open(world, trust, &own->identity, "backend.s3"));
  own->bucket = TRY(own->access->bucket(wish));
  return std::shared_ptr<ObjectStore>(own, own->bucket.get());
}

}  // namespace trunkform::cli
