#pragma once
// Whether step-ca has the provisioner that we mean, and whether our key belongs to it: `GET /provisioners`, which the
// service tells everybody. Nothing is signed, and no token is used up.
#include <functional>
#include <string>

#include "providers/issuers/step_ca/token.hpp"
#include "schemas/model/checkup.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::issuers::step_ca {

/// `get`: a path of the service; its answer is 2xx, in `secret_body`.
void examine(const std::function<Result<HttpResponse>(const std::string& path)>& get, const Provisioner& ours,
             const SecretBuffer& key, Instant now, Checkup& checkup);

}  // namespace trunkform::issuers::step_ca
