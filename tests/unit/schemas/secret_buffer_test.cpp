#include "schemas/ports/secret_buffer.hpp"

#include <cstring>

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
