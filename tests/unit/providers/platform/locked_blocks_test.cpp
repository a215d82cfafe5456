#include "providers/platform/curl/locked_blocks.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using trunkform::platform::detail::give_back_locked_block;
using trunkform::platform::detail::k_small_buffer;
using trunkform::platform::detail::size_of_locked_block;
using trunkform::platform::detail::take_locked_block;

TEST_CASE("a block that is given back is wiped, and is taken again") {
  auto* block = static_cast<char*>(take_locked_block(k_small_buffer + 1));
  REQUIRE(block != nullptr);
  REQUIRE(size_of_locked_block(block) > static_cast<std::size_t>(k_small_buffer));
  std::memset(block, 'k', k_small_buffer + 1);
  CHECK(give_back_locked_block(block));
  const auto* end = block + k_small_buffer + 1;
  CHECK(std::all_of(static_cast<const char*>(block), end, [](char byte) { return byte == 0; }));
  auto* next = take_locked_block(k_small_buffer);
  CHECK(next == block);
  CHECK(give_back_locked_block(next));
}

TEST_CASE("blocks do not overlap, and when all are taken there is none") {
  std::vector<void*> taken;
  for (auto* block = take_locked_block(k_small_buffer); block != nullptr; block = take_locked_block(k_small_buffer))
    taken.push_back(block);
  CHECK(taken.size() == 64);
  std::sort(taken.begin(), taken.end());
  for (std::size_t i = 1; i < taken.size(); ++i)
    CHECK(static_cast<char*>(taken[i]) - static_cast<char*>(taken[i - 1]) > k_small_buffer);
  for (auto* block : taken) CHECK(give_back_locked_block(block));
}

TEST_CASE("other sizes and other memory are none of its business") {
  CHECK(take_locked_block(1024) == nullptr);
  CHECK(take_locked_block(256U << 10U) == nullptr);
  std::string other = "other memory";
  CHECK_FALSE(give_back_locked_block(other.data()));
  CHECK(size_of_locked_block(other.data()) == 0);
}
