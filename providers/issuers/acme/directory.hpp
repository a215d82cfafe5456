#pragma once
// What an ACME server has, and where (RFC 8555 §7.1.1). Pure.
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::issuers::acme {

struct Directory {
  std::string new_nonce;
  std::string new_account;
  std::string new_order;
  std::string revoke_cert;  ///< may be empty, as all that follow
  std::string key_change;
  std::string renewal_info;  ///< RFC 9773 §4.1
  std::string terms;         ///< where people read what they agree to
  bool external_account_required = false;
  std::vector<std::string> profiles;  ///< draft-ietf-acme-profiles §3
};

/// Error: protocol: it is no directory.
Result<Directory> directory_of(const HttpResponse& answer, const std::string& url);

}  // namespace trunkform::issuers::acme
