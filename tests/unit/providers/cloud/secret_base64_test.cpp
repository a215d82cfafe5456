#include "providers/cloud/secret_base64.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace trunkform::cloud;

// RFC 4648 §10, and a byte for each letter that §5 changes.
TEST_CASE("base64 is written and read as the standard shows it") {
  const auto [bytes, text, url] =
      GENERATE(table<std::string, std::string, std::string>({{"", "", ""},
                                                             {"f", "Zg==", "Zg"},
                                                             {"fo", "Zm8=", "Zm8"},
                                                             {"foo", "Zm9v", "Zm9v"},
                                                             {"foob", "Zm9vYg==", "Zm9vYg"},
                                                             {"fooba", "Zm9vYmE=", "Zm9vYmE"},
                                                             {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
                                                             {"\xFB\xFF", "+/8=", "-_8"}}));
  CHECK(secret_base64(bytes).view() == text);
  CHECK(secret_base64url(bytes).view() == url);
  const auto read = secret_from_base64(text);
  REQUIRE(read);
  CHECK(read->view() == bytes);
  for (const auto& padding : {"", "==="}) {
    const auto read_url = secret_from_base64url(url + padding);
    REQUIRE(read_url);
    CHECK(read_url->view() == bytes);
  }
}

TEST_CASE("what is no base64 is none") {
  for (const auto* text : {"Z", "Zg", "Zg=", "Z===", "Zh==", "Zm9", "Zm9=", "Zm 9v", "Zm9v\n", "-_8=", "====", "=m9v",
                           " Zm9v", "Zm=v", "Z=9v", "Zm9*", "Zg==Zg=="}) {
    INFO(text);
    CHECK_FALSE(secret_from_base64(text));
  }
  for (const auto* text : {"Z", "Zh", "+_8", "-/8", "Zm 9v", "Zm9v\n", "Z=g"}) {
    INFO(text);
    CHECK_FALSE(secret_from_base64url(text));
  }
}
