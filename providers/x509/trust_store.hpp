#pragma once
// Roots, parsed once and used by many path checks at the same time. Immutable and thread-safe.
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/model/shared.hpp"

namespace trunkform::x509 {

class TrustStore {
 public:
  /// Every certificate of `pem` is an anchor, intermediates too. Error: invalid_input.
  static Result<std::shared_ptr<const TrustStore>> from_pem(std::string_view pem);
  /// The operating system's; loaded at the first call of the process (about 10 ms), kept until its end.
  static std::shared_ptr<const TrustStore> system();

  class Impl;  ///< only this room looks inside
  explicit TrustStore(std::unique_ptr<const Impl> impl);
  ~TrustStore();
  const Impl& impl() const { return *m_impl; }

 private:
  std::unique_ptr<const Impl> m_impl;
};

using TrustStorePtr = std::shared_ptr<const TrustStore>;

/// Stores by their PEM, so that thousands of bindings of one carrier parse its roots once. Thread-safe.
class TrustStores {
 public:
  /// As CarrierPolicy::trust_store has it; none: the system's.
  Result<TrustStorePtr> get(const std::optional<SharedText>& given);

 private:
  std::mutex m_mutex;
  std::map<std::string, TrustStorePtr, std::less<>> m_stores;
};

}  // namespace trunkform::x509
