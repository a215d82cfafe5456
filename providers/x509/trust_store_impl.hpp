#pragma once
// What a TrustStore holds. Inside this room only.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "providers/x509/path/step.hpp"
#include "providers/x509/trust_store.hpp"

struct x509_store_st;

namespace trunkform::x509 {

/// Thread-safe. Steps live as long as the store.
class TrustStore::Impl {
 public:
  virtual ~Impl() = default;
  /// Anchors with this subject; none: an empty list.
  virtual std::vector<const detail::Step*> anchors_named(const detail::DirectoryName& subject) const = 0;
  /// Whether this very certificate is an anchor.
  bool holds(const detail::Step& step) const;
};

}  // namespace trunkform::x509
