// Whatever any library of this program frees is overwritten, once the process has held a secret: keys and tokens pass
// through code that is not ours, and a freed block keeps what was in it (docs/decisions/0260-freed-memory-is-wiped.md).
// The definitions here stand before those of the C library for every library of the process.
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <malloc.h>

#include "schemas/ports/secret_buffer.hpp"

#ifndef __SANITIZE_ADDRESS__  // the sanitizers have allocators of their own
#ifndef __SANITIZE_THREAD__

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the C library's names begin with underscores
extern "C" {

// The C library's own, under the names by which it exports them for this purpose.
void __libc_free(void* memory) noexcept;                        // NOLINT: its name
void* __libc_malloc(std::size_t size) noexcept;                 // NOLINT: its name
void* __libc_realloc(void* memory, std::size_t size) noexcept;  // NOLINT: its name

void free(void* memory) noexcept {
  if (memory != nullptr && trunkform::has_held_secrets()) trunkform::wipe(memory, ::malloc_usable_size(memory));
  __libc_free(memory);
}

// The C library's may move a block and leave what was in the old one.
void* realloc(void* memory, std::size_t size) noexcept {
  if (memory == nullptr || !trunkform::has_held_secrets()) return __libc_realloc(memory, size);
  if (size == 0) {
    free(memory);
    return nullptr;
  }
  const auto before = ::malloc_usable_size(memory);
  if (size <= before && size >= before / 2) {
    trunkform::wipe(static_cast<char*>(memory) + size, before - size);
    return memory;
  }
  void* moved = __libc_malloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, size < before ? size : before);
  free(memory);
  return moved;
}

}  // extern "C"
// NOLINTEND(readability-inconsistent-declaration-parameter-name)

#endif
#endif
