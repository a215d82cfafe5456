#include "schemas/ports/secret_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace trunkform;

TEST_CASE("a secret moves and is never left behind") {
  auto first = SecretBuffer::copy_of("a key");
  const char* where = first.data();
  SecretBuffer second = std::move(first);
  CHECK(second.view() == "a key");
  CHECK(second.data() == where);
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): what is asked
  CHECK(first.data() == nullptr);
}

TEST_CASE("what is cut off a secret is wiped") {
  auto secret = SecretBuffer::copy_of("keep-wipe");
  secret.truncate(4);
  CHECK(secret.view() == "keep");
  CHECK(std::memcmp(secret.data() + 4, "\0\0\0\0\0", 5) == 0);
}

TEST_CASE("an empty secret is a value") {
  const SecretBuffer none(0);
  CHECK(none.empty());
  CHECK(none.view().empty());
}

TEST_CASE("the next secret gets the page of the last one wiped, also behind its end") {
  const std::string key(3000, 'k');
  const char* where = nullptr;
  {
    const auto secret = SecretBuffer::copy_of(key);
    where = secret.data();
  }
  const SecretBuffer next(10);
  REQUIRE(next.data() == where);
  CHECK(std::all_of(where, where + key.size(), [](char byte) { return byte == '\0'; }));
}

TEST_CASE("many secrets at once, of a page and of several, keep to themselves") {
  for (int round = 0; round < 2; ++round) {
    std::vector<SecretBuffer> secrets;
    for (std::size_t i = 0; i < 100; ++i)
      secrets.push_back(SecretBuffer::copy_of(std::string(i % 3 == 0 ? 9000 : 100, static_cast<char>('a' + i % 26))));
    for (std::size_t i = 0; i < secrets.size(); ++i)
      CHECK(secrets[i].view().find_first_not_of(static_cast<char>('a' + i % 26)) == std::string_view::npos);
  }
}
