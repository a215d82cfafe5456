#pragma once
// Memory for secrets: locked where the system allows it, kept out of core dumps, wiped before anybody else gets it,
// never copied. Move-only; one owner; not thread-safe. There is no way to print one.
#include <cstddef>
#include <span>
#include <string_view>

namespace trunkform {

class SecretBuffer {
 public:
  SecretBuffer() = default;
  /// Zeroed pages of their own: mmap, mlock, MADV_DONTDUMP. Throws std::bad_alloc where there is no memory.
  explicit SecretBuffer(std::size_t size);
  /// Copies public input (a test's key, a literal) in; the source is the caller's to wipe.
  static SecretBuffer copy_of(std::string_view bytes);

  SecretBuffer(SecretBuffer&& other) noexcept;
  SecretBuffer& operator=(SecretBuffer&& other) noexcept;
  SecretBuffer(const SecretBuffer&) = delete;
  SecretBuffer& operator=(const SecretBuffer&) = delete;
  ~SecretBuffer();

  char* data() { return m_data; }
  const char* data() const { return m_data; }
  std::size_t size() const { return m_size; }
  bool empty() const { return m_size == 0; }
  std::string_view view() const { return {m_data, m_size}; }
  /// Shortens; what is cut off is wiped.
  void truncate(std::size_t size);
  /// An explicit second copy, for the rare owner that needs its own.
  SecretBuffer duplicate() const { return copy_of(view()); }

 private:
  char* m_data = nullptr;
  std::size_t m_size = 0;
  std::size_t m_mapped = 0;
  void release() noexcept;
};

/// Whether this process has held a secret so far: what it frees from then on may hold a copy of one.
bool has_held_secrets() noexcept;

/// Overwrites in a way that the compiler does not remove.
void wipe(void* data, std::size_t size) noexcept;

}  // namespace trunkform
