#include "providers/sources/aws_secretsmanager/secret_content.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_text.hpp"
#include "providers/sources/offered_text.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/codec/base64.hpp"

namespace trunkform::sources {

SecretContent::SecretContent(SecretBuffer text, std::string name, SecretFields fields)
    : m_text(std::move(text)), m_name(std::move(name)), m_fields(std::move(fields)) {
  if (cloud::trimmed(m_text.view()).starts_with('{')) m_json.emplace(m_text);
}

Result<SecretContent> SecretContent::of(cloud::SecretJson& answer, std::string name, SecretFields fields) {
  auto text = answer.secret({"SecretString"});
  if (!text) {
    const auto binary = answer.secret({"SecretBinary"});
    if (binary) text = decode_secret_base64(binary->view());
  }
  if (!text)
    return Error(ErrorCode::protocol,
                 fmt::format("the answer for {} has neither SecretString nor SecretBinary", cloud::quoted(name)));
  SecretContent content(std::move(*text), std::move(name), std::move(fields));
  const auto has = [&](std::string_view words) { return content.m_text.view().find(words) != std::string_view::npos; };
  // What is neither may be anybody's password: it goes no further.
  if (!content.m_json && !has("-----BEGIN "))
    return Error(ErrorCode::invalid_input,
                 fmt::format("the secret {} is neither JSON nor PEM", cloud::quoted(content.m_name)),
                 "a chain and its key are read out of JSON fields, or out of PEM text with both")
        .hint("look whether it is the right secret; PKCS #12 has to be made PEM: openssl pkcs12 -in FILE -noenc");
  return content;
}

Error SecretContent::no_field(const std::string& field) {
  auto has = m_json->names({});
  std::sort(has.begin(), has.end());
  for (auto& name : has) name = cloud::quoted(name, 64);
  return Error(ErrorCode::invalid_input,
               fmt::format("the secret {} has no field {} with text", cloud::quoted(m_name), cloud::quoted(field)),
               has.empty() ? "its JSON has no fields" : fmt::format("it has {}", fmt::join(has, ", ")))
      .hint("name the fields with certificate_field, chain_field and key_field");
}

Result<std::string> SecretContent::certificates() {
  if (!m_json) return TRY(chain_text_in(m_text, fmt::format("the secret {}", cloud::quoted(m_name)))).certificates_pem;
  std::string pem;
  for (const auto& name : {m_fields.certificate, m_fields.chain}) {
    if (name.empty()) continue;
    const auto text = m_json->secret({name});
    if (!text) return no_field(name);
    pem += TRY(chain_text_in(*text, fmt::format("the field {} of {}", cloud::quoted(name), cloud::quoted(m_name))))
               .certificates_pem;
    if (!pem.empty() && pem.back() != '\n') pem += '\n';
  }
  return pem;
}

std::optional<Error> SecretContent::no_key() {
  if (!m_json) {
    if (m_text.view().find("PRIVATE KEY-----") != std::string_view::npos) return std::nullopt;
    return Error(ErrorCode::invalid_input, fmt::format("the secret {} has no private key", cloud::quoted(m_name)))
        .hint("write the key in PEM after the certificates, or use JSON with a field for each");
  }
  const auto names = m_json->names({});
  if (std::find(names.begin(), names.end(), m_fields.key) != names.end()) return std::nullopt;
  return no_field(m_fields.key);
}

Result<SecretBuffer> SecretContent::key() {
  if (!m_json) return x509::key_in(m_text);
  auto found = m_json->secret({m_fields.key});
  if (!found) return no_field(m_fields.key);
  return std::move(*found);
}

}  // namespace trunkform::sources
