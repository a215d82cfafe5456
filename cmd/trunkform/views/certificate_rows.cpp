#include "cmd/trunkform/views/certificate_rows.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/views/reason_text.hpp"

namespace trunkform::views {
namespace {

std::string_view prefix(NameKind kind) {
  switch (kind) {
    case NameKind::dns:
    case NameKind::uri:
      return "";
    case NameKind::ip:
      return "IP ";
    case NameKind::email:
      return "email ";
    case NameKind::directory:
      return "directory ";
    case NameKind::other:
      break;
  }
  return "other ";
}

std::string chain_text(const ChainFacts& chain) {
  std::string text =
      fmt::format("{} certificate{}", chain.certificates.size(), chain.certificates.size() == 1 ? "" : "s");
  return text + fmt::format(", {}", to_short(chain.identity.chain));
}

}  // namespace

std::string CertificateRow::text(const TextStyle& style) const {
  if (before.empty()) return style.green(after);
  if (after.empty() || before == after) return before;
  return style.red(before) + " → " + style.green(after);
}

std::string subject_text(const CertificateFacts& certificate) {
  if (!certificate.subject.empty()) return escape_foreign(certificate.subject);
  return certificate.names.empty() ? "(empty)" : "(empty; " + escape_foreign(certificate.names.front().value) + ")";
}

std::string names_text(const CertificateFacts& certificate, std::size_t at_most) {
  if (certificate.names.empty()) return "(none)";
  std::string text;
  std::size_t shown = 0;
  for (const auto& name : certificate.names) {
    if (shown == at_most) return text + fmt::format(" and {} more", certificate.names.size() - shown);
    if (shown++ > 0) text += ", ";
    text += fmt::format("{}{}", prefix(name.kind), escape_foreign(name.value));
  }
  return text;
}

std::vector<CertificateRow> certificate_rows(const ChainFacts* before, const ChainFacts* after, Instant now) {
  std::vector<CertificateRow> rows;
  const auto add = [&](std::string label, auto&& value) {
    rows.push_back({std::move(label), before != nullptr ? value(*before) : std::string(),
                    after != nullptr ? value(*after) : std::string()});
  };
  if (before == nullptr && after == nullptr) return rows;
  add("subject", [](const ChainFacts& chain) { return subject_text(chain.leaf()); });
  add("names", [](const ChainFacts& chain) { return names_text(chain.leaf()); });
  add("issuer", [](const ChainFacts& chain) { return escape_foreign(chain.leaf().issuer); });
  add("serial", [](const ChainFacts& chain) { return chain.leaf().serial; });
  add("begins", [](const ChainFacts& chain) { return to_date(chain.leaf().not_before); });
  add("ends", [now](const ChainFacts& chain) { return expiry_text(chain.leaf().not_after, now); });
  add("key", [](const ChainFacts& chain) { return describe(chain.leaf().key); });
  add("leaf", [](const ChainFacts& chain) { return to_short(chain.identity.leaf); });
  add("chain", [](const ChainFacts& chain) { return chain_text(chain); });
  return rows;
}

}  // namespace trunkform::views
