#include "providers/sources/secret_fields.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/sources/offered_text.hpp"

namespace trunkform::sources {

Error SecretFields::no_field(const std::string& name) const {
  auto has = m_reading.names();
  std::sort(has.begin(), has.end());
  for (auto& one : has) one = cloud::quoted(one, 64);
  return Error(ErrorCode::invalid_input,
               fmt::format("the secret {} has no field {} with text", m_shown, cloud::quoted(name)),
               has.empty() ? "it has no fields" : fmt::format("it has {}", fmt::join(has, ", ")))
      .hint(m_remedy);
}

Result<SecretBuffer> SecretFields::field(const std::string& name) const {
  auto text = TRY(m_reading.text(name));
  if (!text) return no_field(name);
  return std::move(*text);
}

Result<std::string> SecretFields::certificates() const {
  std::string pem;
  for (const auto& name : {m_names.certificate, m_names.chain}) {
    if (name.empty()) continue;
    const auto text = TRY(field(name));
    pem += TRY(chain_text_in(text, fmt::format("the field {} of {}", cloud::quoted(name), m_shown))).certificates_pem;
    if (!pem.empty() && pem.back() != '\n') pem += '\n';
  }
  return pem;
}

std::optional<Error> SecretFields::no_key() const {
  const auto names = m_reading.names();
  if (std::find(names.begin(), names.end(), m_names.key) != names.end()) return std::nullopt;
  return no_field(m_names.key);
}

Result<SecretBuffer> SecretFields::key() const { return field(m_names.key); }

}  // namespace trunkform::sources
