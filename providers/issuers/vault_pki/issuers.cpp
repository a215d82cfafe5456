#include "providers/issuers/vault_pki/issuers.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/secret_json.hpp"
#include "providers/issuers/vault_pki/refusal.hpp"

namespace trunkform::issuers::vault_pki {

Result<> has_issuer(const Context& context, cloud::vault::Client& client, const std::string& mount,
                    const Signer& signer) {
  const bool is_default = signer.issuer.empty() || signer.issuer == "default";
  if (is_default && signer.has_default) return {};
  const auto path = cloud::vault::encoded_path(mount) + "/issuers?list=true";
  auto answer = client.read(context, path);
  if (!answer && answer.error().code == ErrorCode::denied) return {};
  if (!answer) return std::move(answer.error());
  cloud::SecretJson json(answer->secret_body);
  const auto ids = json.texts({"data", "keys"});
  if (ids.empty()) {
    // With words it is an engine of before there were several issuers.
    if (answer->status == 404 && cloud::vault::words_of(*answer).empty()) return without_issuers(mount);
    return {};
  }
  if (signer.issuer.empty()) return {};
  if (is_default) return without_default(mount);
  const bool is_there = std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
    return id == signer.issuer || json.text({"data", "key_info", id, "issuer_name"}) == signer.issuer;
  });
  if (!is_there) return no_such_issuer(mount, signer.issuer);
  return {};
}

}  // namespace trunkform::issuers::vault_pki
