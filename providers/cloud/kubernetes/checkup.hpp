#pragma once
// Whether a cluster's API server can be reached, who we are there, and whether the secrets that a run reads may be
// read. Reads none of them.
#include <vector>

#include "providers/cloud/kubernetes/client.hpp"
#include "schemas/model/checkup.hpp"

namespace trunkform::cloud::kubernetes {

struct SecretPlace {
  std::string name_space;
  std::string secret;
};

/// Of SelfSubjectReview and SelfSubjectAccessReview (Kubernetes 1.28), which every account may ask.
Checkup examine(const Context& context, Client& client, const std::vector<SecretPlace>& secrets);

}  // namespace trunkform::cloud::kubernetes
