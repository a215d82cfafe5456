#include "schemas/codec/lock_codec.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;

namespace {
const LockInfo k_info{"1b2c",
                      "apply",
                      "",
                      "ops@host (pid 7)",
                      "0.1.0",
                      Instant(std::chrono::seconds(1'764'000'000)),
                      "trunkform.state.json",
                      4};
}

TEST_CASE("lock info has Terraform's seven fields, empty ones included, in a fixed order") {
  CHECK(encode_lock_info(k_info) ==
        R"json({"ID":"1b2c","Operation":"apply","Info":"","Who":"ops@host (pid 7)","Version":"0.1.0",)json"
        R"("Created":"2025-11-24T16:00:00Z","Path":"trunkform.state.json","Epoch":4})"
        "\n");
}

TEST_CASE("lock info survives the way to bytes and back") {
  const auto decoded = decode_lock_info(encode_lock_info(k_info));
  REQUIRE(decoded);
  CHECK(encode_lock_info(*decoded) == encode_lock_info(k_info));
}

TEST_CASE("lock info of another program with fields of its own is read; without an id it is damage") {
  const auto foreign = decode_lock_info(R"({"ID":"7","Extra":{"a":[1]},"Who":"tofu"})");
  REQUIRE(foreign);
  CHECK(foreign->id == "7");
  CHECK(foreign->who == "tofu");
  const auto nameless = decode_lock_info(R"({"Who":"x"})");
  REQUIRE_FALSE(nameless);
  CHECK(nameless.error().code == ErrorCode::corrupt);
  for (const std::string bytes : {"", "{", "[]", R"({"ID":5})"}) CHECK_FALSE(decode_lock_info(bytes));
}
