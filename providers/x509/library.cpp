#include "providers/x509/library.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <openssl/evp.h>
#include <openssl/provider.h>

namespace trunkform::x509::detail {
namespace {

extern "C" int trunkform_note_provider(OSSL_PROVIDER* provider, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(OSSL_PROVIDER_get0_name(provider));
  return 1;
}

/// With the providers that the default context has, by name. Its file of settings is not read again: modules of it
/// (`ssl_conf`) belong to the whole process, and other threads are using what they would replace.
OSSL_LIB_CTX* make_library() {
  std::vector<std::string> names;
  if (OSSL_PROVIDER_do_all(nullptr, trunkform_note_provider, &names) != 1) return nullptr;
  auto* library = OSSL_LIB_CTX_new();
  if (library == nullptr) return nullptr;
  const bool has_all = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return OSSL_PROVIDER_load(library, name.c_str()) != nullptr;
  });
  const bool fips = EVP_default_properties_is_fips_enabled(nullptr) == 1;
  if (has_all && (!fips || EVP_default_properties_enable_fips(library, 1) == 1)) return library;
  // It might use what the machine forbids.
  OSSL_LIB_CTX_free(library);
  return nullptr;
}

/// Only the null provider: without any, OpenSSL would load its default one.
OSSL_LIB_CTX* make_bare_library() {
  auto* library = OSSL_LIB_CTX_new();
  if (library == nullptr || OSSL_PROVIDER_load(library, "null") == nullptr) throw std::bad_alloc();
  return library;
}

/// One for each processor, each made when it is first needed.
class Libraries {
 public:
  explicit Libraries(OSSL_LIB_CTX* (*make)()) : m_make(make) {}

  OSSL_LIB_CTX* at(std::size_t index) {
    auto& slot = m_slots[index % m_slots.size()];
    std::call_once(slot.made, [&] { slot.library = m_make(); });
    return slot.library;
  }

 private:
  struct Slot {
    std::once_flag made;
    OSSL_LIB_CTX* library = nullptr;
  };
  OSSL_LIB_CTX* (*m_make)();
  std::vector<Slot> m_slots{std::max(1U, std::thread::hardware_concurrency())};
};

std::size_t number_of_this_thread() {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t number = threads.fetch_add(1);
  return number;
}

}  // namespace

ossl_lib_ctx_st* library_of_this_thread() {
  static auto& libraries = *new Libraries(make_library);
  const auto number = number_of_this_thread();
  const auto processors = std::max(1U, std::thread::hardware_concurrency());
  // The first is the default: who reads on one thread pays for no other.
  thread_local OSSL_LIB_CTX* const library = number % processors == 0 ? nullptr : libraries.at(number);
  return library;
}

ossl_lib_ctx_st* bare_library_of_this_thread() {
  static auto& libraries = *new Libraries(make_bare_library);
  thread_local OSSL_LIB_CTX* const library = libraries.at(number_of_this_thread());
  return library;
}

}  // namespace trunkform::x509::detail
