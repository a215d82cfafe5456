#pragma once
// Seeded random documents and events: every field, every kind, text that is hard to write. For property tests.
#include <random>
#include <string>

#include "schemas/model/event.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::testing {

class RandomModel {
 public:
  explicit RandomModel(std::uint64_t seed) : m_engine(seed) {}

  std::uint64_t below(std::uint64_t bound) { return m_engine() % bound; }
  bool coin() { return below(2) == 0; }
  std::string text();
  Fingerprint fingerprint();
  Identity identity() { return {fingerprint(), fingerprint()}; }
  Instant instant();
  Address address();
  CertificatePtr certificate();
  ChainPtr chain();
  Locator locator();
  ResourceRecord record();
  Verification verification();
  EventBody body(std::size_t kind);
  OpenIssue open_issue();
  IssuedCertificate issued();
  IssueRecord issue();
  Event event();
  StateDocument document(std::size_t resources);

 private:
  std::mt19937_64 m_engine;
};

}  // namespace trunkform::testing
