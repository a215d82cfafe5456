#pragma once
// One certificate as OpenSSL parsed it, with what the validator reads of it. Inside this room only. Never changed once
// built, thread-safe: its key is decoded when somebody must verify with it, and most certificates are leaves, whose
// keys verify nothing.
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "providers/x509/handles.hpp"
#include "providers/x509/path/reading.hpp"

struct ossl_lib_ctx_st;

namespace trunkform::x509::detail {

class Parsed {
 public:
  /// Null where `der` is not exactly one certificate; OpenSSL's reason is left to take.
  static std::shared_ptr<const Parsed> read(std::string_view der);

  /// OpenSSL takes no const where it caches; nobody changes it.
  x509_st* handle() const { return m_handle.get(); }
  const Reading& reading() const { return m_reading; }

  /// Whether this certificate's key made the signature of `child`. The algorithms that `child` names inside and outside
  /// are not compared.
  bool signed_certificate(const Parsed& child) const;
  bool signed_list(X509_crl_st* list) const;

 private:
  Parsed(std::shared_ptr<x509_st> handle, Reading reading);
  /// In this thread's library, decoded once in each; null where no key can be made of it.
  evp_pkey_st* key() const;

  std::shared_ptr<x509_st> m_handle;
  Reading m_reading;
  mutable std::mutex m_mutex;
  mutable std::vector<std::pair<ossl_lib_ctx_st*, KeyHandle>> m_keys;
};

}  // namespace trunkform::x509::detail
