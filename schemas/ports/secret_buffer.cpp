#include "schemas/ports/secret_buffer.hpp"

#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace trunkform {
namespace {

std::atomic<bool> secrets_were_held = false;

std::size_t page_size() {
  static const auto k_bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return k_bytes;
}

char* map_locked(std::size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  // Both are refused where a limit or the kernel says no (RLIMIT_MEMLOCK is 8 MiB by default); wiping still holds.
  (void)::mlock(memory, bytes);
  (void)::madvise(memory, bytes, MADV_DONTDUMP);
  return static_cast<char*>(memory);
}

/// Single wiped pages, for the next secret: most fit in one, there is one for each request, and whoever unmaps a page
/// makes every other thread stop for it.
class SparePages {
 public:
  char* take() {
    {
      const std::lock_guard lock(m_mutex);
      if (m_count > 0) return m_pages[--m_count];
    }
    return map_locked(page_size());
  }
  /// False: there are enough, and the page is the caller's to unmap.
  bool keep(char* page) noexcept {
    const std::lock_guard lock(m_mutex);
    if (m_count == m_pages.size()) return false;
    m_pages[m_count++] = page;
    return true;
  }

 private:
  std::mutex m_mutex;
  std::array<char*, 32> m_pages{};
  std::size_t m_count = 0;
};

/// Outlives every buffer, also those of static objects.
SparePages& spare_pages() {
  static auto& pages = *new SparePages;
  return pages;
}

}  // namespace

bool has_held_secrets() noexcept { return secrets_were_held.load(std::memory_order_relaxed); }

void wipe(void* data, std::size_t size) noexcept {
  if (size != 0) ::explicit_bzero(data, size);
}

SecretBuffer::SecretBuffer(std::size_t size) : m_size(size) {
  if (size == 0) return;
  secrets_were_held.store(true, std::memory_order_relaxed);
  const auto page = page_size();
  m_mapped = (size + page - 1) / page * page;
  m_data = m_mapped == page ? spare_pages().take() : map_locked(m_mapped);
}

SecretBuffer SecretBuffer::copy_of(std::string_view bytes) {
  SecretBuffer buffer(bytes.size());
  if (buffer.m_data != nullptr) std::memcpy(buffer.m_data, bytes.data(), bytes.size());
  return buffer;
}

SecretBuffer::SecretBuffer(SecretBuffer&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)),
      m_size(std::exchange(other.m_size, 0)),
      m_mapped(std::exchange(other.m_mapped, 0)) {}

SecretBuffer& SecretBuffer::operator=(SecretBuffer&& other) noexcept {
  if (this != &other) {
    release();
    m_data = std::exchange(other.m_data, nullptr);
    m_size = std::exchange(other.m_size, 0);
    m_mapped = std::exchange(other.m_mapped, 0);
  }
  return *this;
}

SecretBuffer::~SecretBuffer() { release(); }

void SecretBuffer::truncate(std::size_t size) {
  if (size >= m_size) return;
  wipe(m_data + size, m_size - size);
  m_size = size;
}

void SecretBuffer::release() noexcept {
  if (m_data == nullptr) return;
  wipe(m_data, m_mapped);
  if (m_mapped != page_size() || !spare_pages().keep(m_data)) {
    (void)::munlock(m_data, m_mapped);
    (void)::munmap(m_data, m_mapped);
  }
  m_data = nullptr;
  m_size = m_mapped = 0;
}

}  // namespace trunkform
