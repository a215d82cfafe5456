#pragma once
// What a TrustStore holds. Inside this room only.
#include <memory>

#include "providers/x509/trust_store.hpp"

struct x509_store_st;

namespace trunkform::x509 {

struct TrustStore::Impl {
  struct FreeStore {
    void operator()(x509_store_st* store) const noexcept;
  };
  std::unique_ptr<x509_store_st, FreeStore> store;
};

}  // namespace trunkform::x509
