#pragma once
// The links of the chain, one function each. Inside this folder only.
#include "providers/cloud/aws/chain.hpp"
#include "providers/cloud/aws/profile_files.hpp"

namespace trunkform::cloud::aws {

Result<Found> of_environment(const Surroundings& around);
/// AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME, as EKS sets them.
Result<Found> of_web_identity(const Context& context, const Surroundings& around, const std::string& region);
/// What a profile says in one of its ways, its source profile's included. `is_named`: it must be there.
Result<Found> of_profile(const Context& context, const Surroundings& around, const Profiles& profiles,
                         const std::string& profile, bool is_named, const std::string& region);
/// ECS and EKS Pod Identity.
Result<Found> of_container(const Context& context, const Surroundings& around);
/// EC2's instance metadata, version 2.
Result<Found> of_instance(const Context& context, const Surroundings& around);
/// A session of `aws sso login`. `profiles` has what `profile` names.
Result<Found> of_sso(const Context& context, const Surroundings& around, const Profiles& profiles,
                     const std::string& profile);
/// A `credential_process` line.
Result<Found> of_process(const Context& context, const Surroundings& around, const std::string& command);

inline Found nothing(std::string why) { return {std::nullopt, std::move(why)}; }
inline Found found(Credentials credentials) { return {std::move(credentials), {}}; }

/// `{"AccessKeyId":…,"SecretAccessKey":…,"Token":…,"Expiration":…}`; the token may be called SessionToken. `origin`:
/// for messages. Error: protocol, without the text.
Result<Credentials> credentials_of_json(const SecretBuffer& json, std::string origin);

}  // namespace trunkform::cloud::aws
