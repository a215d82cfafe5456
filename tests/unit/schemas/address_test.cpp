#include "schemas/model/address.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;

TEST_CASE("an address reads back as it was written") {
  for (const std::string text :
       {"genesys_trunk_certificate.carrier_a", "genesys_trunk_certificate.carrier_a[\"Carrier A East\"]",
        "genesys_trunk_certificate.carrier_a[3]", "module.east.genesys_trunk_certificate.a",
        "module.x[\"k\"].module.y[0].genesys_trunk_certificate.a[\"quote \\\" and \\\\ and \\n\"]"}) {
    const auto address = parse_address(text);
    REQUIRE(address);
    CHECK(to_string(*address) == text);
  }
}

TEST_CASE("an address shows no character that a terminal obeys, and reads back all the same") {
  Address address;
  address.type = "t";
  address.name = "a";
  address.key =
      std::string("\x1b[31m\a\x7f \xC2\x9B \xE2\x80\xAE \xE2\x81\xA6 \xE2\x81\xA9 \xE2\x80\xAC \xE2\x80\x93 \xC3\xA9");
  const auto text = to_string(address);
  CHECK(text == "t.a[\"\\u001b[31m\\u0007\\u007f \\u009b \\u202e \\u2066 \\u2069 \\u202c \xE2\x80\x93 \xC3\xA9\"]");
  const auto read = parse_address(text);
  REQUIRE(read);
  CHECK(*read == address);
}

TEST_CASE("what is no address is refused with the place") {
  for (const std::string text : {"", "a", "a.", ".b", "a.b[", "a.b[\"", "a.b[\"x\"", "a.b[-1]", "a.b[1x]", "a.b]",
                                 "a.b.c", "module.x", "1a.b", "a.b[\"\\q\"]", "a.b[\"\\u12\"]", "a.b[\"\\ud800\"]"}) {
    INFO(text);
    const auto address = parse_address(text);
    REQUIRE(!address);
    CHECK(address.error().code == ErrorCode::invalid_input);
    CHECK(address.error().detail.find("character") != std::string::npos);
  }
}

TEST_CASE("a resource contains its instances and nothing else") {
  const auto all = *parse_address("t.a");
  const auto one = *parse_address("t.a[\"x\"]");
  CHECK(is_within(one, all));
  CHECK(is_within(one, one));
  CHECK_FALSE(is_within(all, one));
  CHECK_FALSE(is_within(*parse_address("t.b[\"x\"]"), all));
  CHECK_FALSE(is_within(*parse_address("module.m.t.a"), all));
}
