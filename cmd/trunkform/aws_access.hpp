#pragma once
// AWS as provider.aws and the operator's environment say: in which region, as whom, and what of it the configuration
// may choose.
#include <memory>
#include <string>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "providers/cloud/aws/bucket_place.hpp"
#include "providers/cloud/aws/client.hpp"
#include "schemas/model/checkup.hpp"
#include "schemas/ports/object_store.hpp"

namespace trunkform::cli {

/// As a configuration names a bucket; what is empty is not said.
struct BucketWish {
  std::string name;
  std::string endpoint;
  cloud::aws::BucketStyle style = cloud::aws::BucketStyle::virtual_host;
  std::string owner;
  std::string encryption;
  std::string kms_key_id;
};

/// One set of credentials and the client that signs with them.
class AwsAccess {
 public:
  /// Asks nothing of the network. All are borrowed; `provider` may be null. Errors: no region; a region, profile or
  /// role of the configuration that is not trusted. `block`: whose words `provider` are, for messages.
  static Result<std::unique_ptr<AwsAccess>> open(World& world, const engine::Trust& trust,
                                                 const language::AwsProvider* provider,
                                                 std::string block = "provider.aws");
  virtual ~AwsAccess() = default;
  virtual cloud::aws::Client& client() = 0;
  /// A bucket in this region; borrows this. Amazon's must be the run's own account's, or that of an account which the
  /// operator trusts. Errors: invalid_input, and untrusted for plain http.
  virtual Result<std::unique_ptr<ObjectStore>> bucket(const BucketWish& wish) = 0;
  /// Where the credentials come from, whose they are by AWS's own word, and how long they last.
  virtual Checkup examine(const Context& context) = 0;
};

}  // namespace trunkform::cli
