#include "providers/x509/library.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
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

/// The first is the default: who reads on one thread pays for no other.
OSSL_LIB_CTX* library_at(std::size_t index) {
  struct Slot {
    std::once_flag made;
    OSSL_LIB_CTX* library = nullptr;
  };
  static auto& slots = *new std::vector<Slot>(std::max(1U, std::thread::hardware_concurrency()));
  auto& slot = slots[index % slots.size()];
  if (index % slots.size() != 0) std::call_once(slot.made, [&] { slot.library = make_library(); });
  return slot.library;
}

}  // namespace

ossl_lib_ctx_st* library_of_this_thread() {
  static std::atomic<std::size_t> threads{0};
  thread_local OSSL_LIB_CTX* const library = library_at(threads.fetch_add(1));
  return library;
}

}  // namespace trunkform::x509::detail
