#pragma once
// Two certificates side by side, old → new, row by row; equal values are said once. Pure.
#include <string>
#include <vector>

#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/certificate_facts.hpp"

namespace trunkform::views {

struct CertificateRow {
  std::string label;
  std::string before;  ///< escaped; empty: there is none
  std::string after;
  std::string text(const TextStyle& style) const;  ///< `a → b`, or the one value
};

/// Subject, names, issuer, serial, dates with what is left, key, fingerprint, chain. Either may be null.
std::vector<CertificateRow> certificate_rows(const ChainFacts* before, const ChainFacts* after, Instant now);

/// `CN=x` or, for an empty subject, the first name.
std::string subject_text(const CertificateFacts& certificate);
std::string names_text(const CertificateFacts& certificate, std::size_t at_most = 6);

}  // namespace trunkform::views
