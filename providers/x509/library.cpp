#include "providers/x509/library.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include <openssl/conf.h>
#include <openssl/crypto.h>

namespace trunkform::x509::detail {
namespace {

OSSL_LIB_CTX* make_library() {
  auto* library = OSSL_LIB_CTX_new();
  if (library == nullptr) return nullptr;
  auto* settings = CONF_get1_default_config_file();
  const bool is_set_up = settings != nullptr && OSSL_LIB_CTX_load_config(library, settings) == 1;
  OPENSSL_free(settings);
  if (is_set_up) return library;
  // Without its settings it might use what the machine forbids.
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
