#include "providers/issuers/vault_pki/engine.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/x509/certificates.hpp"

namespace trunkform::issuers::vault_pki {
namespace {

/// The certificate alone, and not within JSON as the value of a secret would be; 204 of an engine that has no issuer,
/// or whose issuers are all named by its roles.
bool is_of_engine(const HttpResponse& answer) {
  if (answer.status == 204) return true;
  if (answer.status != 200 || !answer.secret_body.view().starts_with("-----BEGIN CERTIFICATE-----")) return false;
  const auto own = x509::parse_certificates(answer.secret_body.view());
  return own && own->front().facts->is_ca;
}

}  // namespace

Result<Engine> answers_as_engine(const Context& context, cloud::vault::Client& client, const std::string& mount) {
  const auto path = cloud::vault::encoded_path(mount) + "/ca/pem";
  auto answer = client.read(context, path);
  // Not of a login, and not of a certificate that is not trusted.
  const bool is_refused = !answer && answer.error().code == ErrorCode::denied &&
                          answer.error().summary.starts_with(fmt::format("GET /v1/{} answered ", path));
  if (!answer && !is_refused) return std::move(answer.error());
  if (answer && is_of_engine(*answer)) return Engine{answer->status == 200};
  Error error(ErrorCode::invalid_input, fmt::format("no PKI engine answers at the mount {}", cloud::quoted(mount)));
  if (answer) {
    const auto words = cloud::vault::words_of(*answer);
    error.detail =
        fmt::format("GET /v1/{} answered {}{}, and no certificate of an authority; nothing was written there", path,
                    answer->status, words.empty() ? std::string() : ": " + words);
  } else {
    error.detail = "an engine shows its certificate to everybody; nothing was written there";
    error.causes.push_back(std::move(answer.error()));
  }
  error.hints = {"check `mount` of the issuer, and `namespace` of provider.vault: vault secrets list"};
  return error;
}

}  // namespace trunkform::issuers::vault_pki
