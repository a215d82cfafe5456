#pragma once
// What the engine's refusals mean, by its own words. Pure.
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::issuers::vault_pki {

struct Asked {
  std::string mount;
  std::string role;
  std::string path;  ///< `pki/sign/sip`
};

/// Of a 400 or 404 to a signing request. Error: invalid_input where the role would have to change, or another name or
/// key to be asked for; rejected for all else.
Error refused(const Asked& asked, const HttpResponse& answer);

/// The hint that makes a role names these: for the first certificate that is to be signed by it.
Error for_names(Error error, const std::vector<std::string>& names);

/// `issuer`: empty: the role's own.
Error no_such_issuer(const std::string& mount, const std::string& issuer);
/// An engine that nobody gave an authority yet; or one whose issuers are all to be named.
Error without_issuers(const std::string& mount);
Error without_default(const std::string& mount);
/// `answer`: to a look at the role.
Error no_such_role(const std::string& mount, const std::string& role, const HttpResponse& answer);

/// Whether nothing was signed because there is nobody to sign: the engine says 500 of it, as of failures that may come
/// after the signature.
bool has_no_issuer(const Error& error);

/// Likewise, and nobody named one.
bool has_no_default(const Error& error);

/// With what the policy would have to say, where it was denied.
Error with_policy(Error error, const std::string& path);

}  // namespace trunkform::issuers::vault_pki
