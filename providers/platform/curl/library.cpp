#include "providers/platform/curl/library.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include <malloc.h>

#include "providers/platform/curl/locked_blocks.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::platform::detail {
namespace {

void* curl_allocate(std::size_t size) {
  auto* locked = take_locked_block(size);
  return locked != nullptr ? locked : std::malloc(size);
}

void curl_release(void* memory) {
  if (memory == nullptr || give_back_locked_block(memory)) return;
  wipe(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

void* curl_resize(void* memory, std::size_t size) {
  if (memory == nullptr) return curl_allocate(size);
  const auto locked = size_of_locked_block(memory);
  const auto before = locked != 0 ? locked : ::malloc_usable_size(memory);
  if (size <= before && size >= before / 2) return memory;
  void* moved = std::malloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, std::min(before, size));
  curl_release(memory);
  return moved;
}

char* curl_copy(const char* text) {
  const auto size = std::strlen(text) + 1;
  auto* copy = static_cast<char*>(std::malloc(size));
  if (copy != nullptr) std::memcpy(copy, text, size);
  return copy;
}

void* curl_allocate_zeroed(std::size_t count, std::size_t size) { return std::calloc(count, size); }

std::array<std::mutex, CURL_LOCK_DATA_LAST>& share_mutexes() {
  static std::array<std::mutex, CURL_LOCK_DATA_LAST> mutexes;
  return mutexes;
}

void lock_share(CURL*, curl_lock_data data, curl_lock_access, void*) {
  share_mutexes().at(static_cast<std::size_t>(data)).lock();
}
void unlock_share(CURL*, curl_lock_data data, void*) { share_mutexes().at(static_cast<std::size_t>(data)).unlock(); }

CURLSH* make_share() {
  auto* share = curl_share_init();
  if (share == nullptr) throw std::runtime_error("curl_share_init failed");
  curl_share_setopt(share, CURLSHOPT_LOCKFUNC, &lock_share);
  curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, &unlock_share);
  curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  return share;
}

}  // namespace

void ensure_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, &curl_allocate, &curl_release, &curl_resize, &curl_copy,
                             &curl_allocate_zeroed) != CURLE_OK)
      throw std::runtime_error("libcurl cannot be initialised");
  });
}

CURLSH* shared_curl() {
  // Lives as long as the process: threads may still be ending transfers when statics are destroyed.
  static CURLSH* const share = make_share();
  return share;
}

}  // namespace trunkform::platform::detail
