#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <malloc.h>
#include <openssl/crypto.h>

#include "providers/x509/private_key.hpp"

namespace trunkform::x509 {
namespace {

extern "C" void* trunkform_allocate(std::size_t size, const char*, int) { return std::malloc(size); }

extern "C" void trunkform_free_wiped(void* memory, const char*, int) {
  if (memory == nullptr) return;
  wipe(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

// realloc may leave the old block behind unwiped: always move.
extern "C" void* trunkform_reallocate_wiped(void* memory, std::size_t size, const char* file, int line) {
  if (memory == nullptr) return std::malloc(size);
  void* moved = size == 0 ? nullptr : std::malloc(size);
  if (moved == nullptr && size != 0) return nullptr;
  if (moved != nullptr) std::memcpy(moved, memory, std::min(size, ::malloc_usable_size(memory)));
  trunkform_free_wiped(memory, file, line);
  return moved;
}

}  // namespace

Result<> wipe_freed_memory() {
  if (CRYPTO_set_mem_functions(trunkform_allocate, trunkform_reallocate_wiped, trunkform_free_wiped) == 1) return {};
  return Error(ErrorCode::internal, "memory of the cryptographic library cannot be wiped: it was in use already");
}

}  // namespace trunkform::x509
