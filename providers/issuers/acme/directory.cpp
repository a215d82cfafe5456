#include "providers/issuers/acme/directory.hpp"

#include "providers/cloud/foreign_text.hpp"
#include "providers/issuers/acme/problem.hpp"

namespace trunkform::issuers::acme {

Result<Directory> directory_of(const HttpResponse& answer, const std::string& url) {
  auto json = json_of(answer);
  const auto text = [&](std::string_view name) { return json.text({name}).value_or(""); };
  Directory directory;
  directory.new_nonce = text("newNonce");
  directory.new_account = text("newAccount");
  directory.new_order = text("newOrder");
  directory.revoke_cert = text("revokeCert");
  directory.key_change = text("keyChange");
  directory.renewal_info = text("renewalInfo");
  directory.terms = json.text({"meta", "termsOfService"}).value_or("");
  directory.external_account_required = json.flag({"meta", "externalAccountRequired"}).value_or(false);
  directory.profiles = json.names({"meta", "profiles"});
  if (directory.new_nonce.empty() || directory.new_account.empty() || directory.new_order.empty())
    return Error(ErrorCode::protocol, "no ACME server answers at " + cloud::quoted(url),
                 "what is there has no newNonce, newAccount and newOrder (RFC 8555 §7.1.1)")
        .hint("check `directory` of the issuer: it is the address of the directory itself");
  return directory;
}

}  // namespace trunkform::issuers::acme
