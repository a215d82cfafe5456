#include "providers/platform/curl/locked_blocks.hpp"

#include <bitset>
#include <cstdint>
#include <mutex>

#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::platform::detail {
namespace {

constexpr std::size_t k_blocks = 64;
constexpr std::size_t k_spare = 64;  // libcurl asks for a byte more than the buffer's size
constexpr std::size_t k_block = static_cast<std::size_t>(k_small_buffer) + k_spare;

struct Blocks {
  std::mutex mutex;
  SecretBuffer memory{k_blocks * k_block};
  std::bitset<k_blocks> taken;
};

/// Lives as long as the process: threads may still be ending transfers when statics are destroyed.
Blocks& blocks() {
  static auto* const all = new Blocks();
  return *all;
}

}  // namespace

void* take_locked_block(std::size_t size) {
  if (size < static_cast<std::size_t>(k_small_buffer) || size > k_block) return nullptr;
  auto& all = blocks();
  const std::scoped_lock lock(all.mutex);
  for (std::size_t i = 0; i < k_blocks; ++i) {
    if (all.taken[i]) continue;
    all.taken[i] = true;
    return all.memory.data() + i * k_block;
  }
  return nullptr;
}

std::size_t size_of_locked_block(const void* memory) {
  const auto& all = blocks().memory;
  const auto at = reinterpret_cast<std::uintptr_t>(memory);
  const auto begin = reinterpret_cast<std::uintptr_t>(all.data());
  return at >= begin && at < begin + all.size() ? k_block : 0;
}

bool give_back_locked_block(void* memory) {
  if (size_of_locked_block(memory) == 0) return false;
  wipe(memory, k_block);
  auto& all = blocks();
  const std::scoped_lock lock(all.mutex);
  all.taken[static_cast<std::size_t>(static_cast<char*>(memory) - all.memory.data()) / k_block] = false;
  return true;
}

}  // namespace trunkform::platform::detail
