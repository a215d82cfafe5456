#pragma once
// What a TrustStore holds. Inside this room only.
#include <memory>
#include <mutex>
#include <unordered_map>

#include "providers/x509/certificates.hpp"
#include "providers/x509/trust_store.hpp"

struct x509_store_st;

namespace trunkform::x509 {

struct TrustStore::Impl {
  struct FreeStore {
    void operator()(x509_store_st* store) const noexcept;
  };
  std::unique_ptr<x509_store_st, FreeStore> store;

  /// Of an anchor that a path ends in. Kept: thousands of paths end in the same few. Null: unreadable.
  CertificatePtr facts_of(std::string_view der) const;

 private:
  mutable std::mutex m_mutex;
  mutable std::unordered_map<Fingerprint, CertificatePtr, FingerprintHash> m_facts;
};

}  // namespace trunkform::x509
