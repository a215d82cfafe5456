#pragma once
// AWS Security Token Service: other credentials for those that we have (API version 2011-06-15; query calls, XML
// answers).
#include "providers/cloud/aws/chain.hpp"

namespace trunkform::cloud::aws {

/// AssumeRole, signed by `base`. Errors: denied, with STS's words; unavailable, protocol.
Result<Credentials> assume_role(const Context& context, const Surroundings& around, const std::string& region,
                                const Credentials& base, const Role& role);
/// AssumeRoleWithWebIdentity, unsigned: `token` is the proof. Errors: the same.
Result<Credentials> assume_role_with_web_identity(const Context& context, const Surroundings& around,
                                                  const std::string& region, const Role& role,
                                                  const SecretBuffer& token);
/// Whom `credentials` are of.
struct CallerIdentity {
  std::string account;
  std::string arn;  ///< of the user, or of the role that was assumed; foreign text
};
/// GetCallerIdentity. Every policy allows it. `clock`: how far AWS's is from ours (theirs minus ours), also where it
/// refused; may be null.
Result<CallerIdentity> caller_of(const Context& context, const Surroundings& around, const std::string& region,
                                 const Credentials& credentials, std::optional<Duration>* clock = nullptr);

}  // namespace trunkform::cloud::aws
