#include "providers/sources/aws_secretsmanager/secret_content.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/sources/offered_text.hpp"
#include "providers/x509/pkcs12_content.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::sources {

SecretContent::SecretContent(SecretBuffer text, std::string name, FieldNames fields, const SecretBuffer& passphrase)
    : m_text(std::move(text)), m_name(std::move(name)), m_names(std::move(fields)), m_passphrase(passphrase) {
  if (cloud::trimmed(m_text.view()).starts_with('{')) {
    m_form = Form::json;
    m_json.emplace(m_text);
  } else if (x509::is_pkcs12(m_text)) {
    m_form = Form::pkcs12;
  }
}

std::string SecretContent::shown() const { return fmt::format("the secret {}", cloud::quoted(m_name)); }

Result<SecretContent> SecretContent::of(cloud::SecretJson& answer, std::string name, FieldNames fields,
                                        const SecretBuffer& passphrase) {
  auto text = answer.secret({"SecretString"});
  if (!text) {
    const auto binary = answer.secret({"SecretBinary"});
    if (binary) text = cloud::secret_from_base64(binary->view());
  }
  if (!text)
    return Error(ErrorCode::protocol,
                 fmt::format("the answer for {} has neither SecretString nor SecretBinary", cloud::quoted(name)));
  SecretContent content(std::move(*text), std::move(name), std::move(fields), passphrase);
  // What is none of them may be anybody's password: it goes no further.
  if (content.m_form == Form::pem && content.m_text.view().find("-----BEGIN ") == std::string_view::npos)
    return Error(ErrorCode::invalid_input, fmt::format("{} is neither JSON nor PEM nor PKCS #12", content.shown()),
                 "a chain and its key are read out of JSON fields, or out of a text or file with both")
        .hint("look whether it is the right secret: aws secretsmanager describe-secret --secret-id " +
              shell_word(content.m_name));
  return content;
}

SecretFields SecretContent::fields() {
  SecretFields::Reading reading;
  reading.text = [this](const std::string& field) { return m_json->secret({field}); };
  reading.names = [this] { return m_json->names({}); };
  return {m_names, cloud::quoted(m_name), "name the fields with certificate_field, chain_field and key_field",
          std::move(reading)};
}

Result<std::string> SecretContent::certificates() {
  if (m_form == Form::json) return fields().certificates();
  if (m_form == Form::pem) return TRY(chain_text_in(m_text, shown())).certificates_pem;
  auto certificates = x509::certificates_in_pkcs12(m_text, m_passphrase);
  if (!certificates) certificates.error().summary = fmt::format("{}: {}", shown(), certificates.error().summary);
  return certificates;
}

std::optional<Error> SecretContent::no_key() {
  if (m_form == Form::json) return fields().no_key();
  // The bag with the key stays closed.
  if (m_form == Form::pkcs12 || m_text.view().find("PRIVATE KEY-----") != std::string_view::npos) return std::nullopt;
  return Error(ErrorCode::invalid_input, fmt::format("{} has no private key", shown()))
      .hint("write the key in PEM after the certificates, or use JSON with a field for each");
}

Result<SecretBuffer> SecretContent::key() {
  if (m_form == Form::json) return fields().key();
  if (m_form == Form::pem) return x509::key_in(m_text);
  auto content = TRY(x509::open_pkcs12(m_text, m_passphrase));
  if (content.private_key.empty())
    return Error(ErrorCode::invalid_input, fmt::format("{} has no private key", shown()))
        .hint("export chain and key into one file: openssl pkcs12 -export -in CHAIN.pem -inkey KEY.pem");
  return std::move(content.private_key);
}

}  // namespace trunkform::sources
