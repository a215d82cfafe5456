#include "schemas/ports/secret_buffer.hpp"

#include <atomic>
#include <cstring>
#include <new>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace trunkform {
namespace {

std::atomic<bool> secrets_were_held = false;

}  // namespace

bool has_held_secrets() noexcept { return secrets_were_held.load(std::memory_order_relaxed); }

void wipe(void* data, std::size_t size) noexcept {
  if (size != 0) ::explicit_bzero(data, size);
}

SecretBuffer::SecretBuffer(std::size_t size) : m_size(size) {
  if (size == 0) return;
  secrets_were_held.store(true, std::memory_order_relaxed);
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  m_mapped = (size + page - 1) / page * page;
  void* memory = ::mmap(nullptr, m_mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  // Both are refused where a limit or the kernel says no (RLIMIT_MEMLOCK is 8 MiB by default); wiping still holds.
  (void)::mlock(memory, m_mapped);
  (void)::madvise(memory, m_mapped, MADV_DONTDUMP);
  m_data = static_cast<char*>(memory);
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
  (void)::munlock(m_data, m_mapped);
  (void)::munmap(m_data, m_mapped);
  m_data = nullptr;
  m_size = m_mapped = 0;
}

}  // namespace trunkform
