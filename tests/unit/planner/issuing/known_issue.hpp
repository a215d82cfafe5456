#pragma once
// One request of a certificate to issue, and all that a plan knows of it.
#include <memory>
#include <string>
#include <vector>

#include "planner/issuing/plan_issue.hpp"

namespace trunkform::issuing::known_issue {

using namespace std::chrono_literals;

constexpr auto k_day = 24h;
const Instant k_now = *parse_rfc3339("2026-06-01T12:00:00Z");

inline ChainPtr stored(Duration left, Duration lifetime = 90 * k_day) {
  auto leaf = std::make_shared<CertificateFacts>();
  leaf->fingerprint.bytes[0] = 7;
  leaf->not_after = k_now + left;
  leaf->not_before = leaf->not_after - lifetime;
  leaf->names = {{NameKind::dns, "sip.example.com"}};
  leaf->key = {KeyAlgorithm::ec, 256, "P-256", {}};
  leaf->serial = "05";
  leaf->authority_key_id = "aabb";
  auto chain = std::make_shared<ChainFacts>();
  chain->identity.leaf = leaf->fingerprint;
  chain->certificates = {leaf};
  return chain;
}

/// One request, and all that is known of it.
struct Known {
  IssueRequest request;
  RotatePolicy rotate;
  IssueRecord record;
  IssueInput input{.request = request};

  explicit Known(ChainPtr chain = nullptr) {
    request.address = "certificate.issued.sip";
    request.names = {"sip.example.com"};
    request.issuer = {"vault_pki", {{"mount", "pki"}, {"role", "sip"}}};
    request.store = {"files", {{"path", "sip"}}};
    input.now = k_now;
    input.users = {&rotate};
    if (chain != nullptr) {
      input.stored = std::move(chain);
      input.version = VersionId{"v1"};
    }
  }
  Known(const Known&) = delete;
  Known& operator=(const Known&) = delete;
  PlannedIssue plan() const { return plan_issue(input); }
  void issued_by(Locator issuer) {
    record.address = request.address;
    record.last = IssuedCertificate{"r", input.stored, {"v1"}, std::move(issuer), request.store, k_now};
    input.record = &record;
  }
  void open_for(const std::vector<std::string>& names) {
    record.address = request.address;
    record.open.emplace();
    record.open->issuer = request.issuer;
    record.open->store = request.store;
    record.open->names = names;
    record.open->request = "r-1";
    record.open->since = k_now - 1h;
    input.record = &record;
  }
};

}  // namespace trunkform::issuing::known_issue
