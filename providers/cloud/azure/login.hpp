#pragma once
// One request for a token, for one link of an identity's chain. Pure but for what it is given to read.
#include <string>

#include "providers/cloud/azure/identity.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::cloud::azure {

/// A request and the secret that it borrows: neither copied nor moved once `request` is filled in.
struct Login {
  HttpRequest request;
  SecretBuffer secret;  ///< the body, or the header of App Service
};

/// Precondition: the link has something to try. `resource`: `https://vault.azure.net`. Errors: what the link's secrets
/// cannot be read for; invalid_input: a certificate that cannot sign.
Result<> prepare_login(const Link& link, const std::string& authority, const std::string& resource, Instant now,
                       Random& random, Login& login);

/// The metadata service of a virtual machine, asked without the header that it wants: whoever answers is there.
HttpRequest metadata_probe();

/// `POST https://login.microsoftonline.com/TENANT/oauth2/v2.0/token`, for messages.
std::string shown_call(const HttpRequest& request);

}  // namespace trunkform::cloud::azure
