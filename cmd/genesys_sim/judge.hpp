#pragma once
// The judge that the program uses: providers/x509 for the facts, the guide for what is refused. Thread-safe.
#include <string>

#include "cmd/genesys_sim/service/certificate_judge.hpp"
#include "providers/x509/trust_store.hpp"

namespace trunkform::sim {

/// A chain is complete when each certificate is signed by the next and more than a leaf is sent (unless the leaf signed
/// itself). With a trust store it is complete when it leads to one of the roots, sent or not.
class X509Judge final : public CertificateJudge {
 public:
  explicit X509Judge(x509::TrustStorePtr trust = nullptr) : m_trust(std::move(trust)) {}
  Judgement judge(std::string_view chain_pem, std::string_view key_pem, Instant now) const override;

 private:
  x509::TrustStorePtr m_trust;
};

}  // namespace trunkform::sim
