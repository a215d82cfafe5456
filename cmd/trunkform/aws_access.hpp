#pragma once
// AWS as provider.aws and the operator's environment say: in which region, as whom, and what of it the configuration
// may choose.
#include <memory>

#include "cmd/engine/trust.hpp"
#include "cmd/trunkform/world.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "providers/cloud/aws/client.hpp"
#include "schemas/model/checkup.hpp"

namespace trunkform::cli {

/// One set of credentials and the client that signs with them.
class AwsAccess {
 public:
  /// Asks nothing of the network. All are borrowed; `provider` may be null. Errors: no region; a region, profile or
  /// role of the configuration that is not trusted.
  static Result<std::unique_ptr<AwsAccess>> open(World& world, const engine::Trust& trust,
                                                 const language::AwsProvider* provider);
  virtual ~AwsAccess() = default;
  virtual cloud::aws::Client& client() = 0;
  /// Where the credentials come from, whose they are by AWS's own word, and how long they last.
  virtual Checkup examine(const Context& context) = 0;
};

}  // namespace trunkform::cli
