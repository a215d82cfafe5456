// free-copies FILE: holds FILE in a SecretBuffer, frees copies of it that came from every allocator a library may call,
// says "freed" and waits for the end of its input. Nothing of them may be left: cli.no_secret_in_memory.
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "schemas/ports/secret_buffer.hpp"

namespace {

/// Blocks of one size land in one of malloc's caches or in its heap, and are reused in different ways.
void free_blocks(std::string_view secret, std::size_t size) {
  std::vector<char*> blocks;
  for (int i = 0; i < 16; ++i) {
    auto* block = static_cast<char*>(i % 2 == 0 ? std::malloc(size) : std::calloc(1, size));
    std::memcpy(block + size - secret.size(), secret.data(), secret.size());
    blocks.push_back(block);
  }
  for (auto* block : blocks) std::free(block);
}

/// Grows where it cannot grow in place, then shrinks: both leave something behind.
void move_block(std::string_view secret) {
  void* block = std::malloc(secret.size() + 64);
  const std::unique_ptr<void, decltype(&std::free)> in_the_way(std::malloc(64), &std::free);
  std::memcpy(static_cast<char*>(block) + 64, secret.data(), secret.size());
  for (const std::size_t size : {4096, 32}) {
    void* moved = std::realloc(block, size);
    if (moved == nullptr) break;
    block = moved;
  }
  std::free(block);
}

void free_strings(std::string_view secret) {
  std::ostringstream stream;
  for (int i = 0; i < 100; ++i) stream << secret;  // grows, and leaves what it outgrew
  std::cout << stream.str().size() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 64;
  trunkform::SecretBuffer secret(4096);
  const int file = ::open(argv[1], O_RDONLY | O_CLOEXEC);
  const auto size = ::read(file, secret.data(), secret.size());
  if (size < 32) return 2;
  secret.truncate(static_cast<std::size_t>(size));
  for (const std::size_t block : {128, 512, 2000, 100'000, 1'000'000}) free_blocks(secret.view(), block);
  move_block(secret.view());
  free_strings(secret.view());
  std::cout << "freed\n" << std::flush;
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) > 0) continue;
  return 0;
}
