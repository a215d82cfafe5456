#include "providers/genesys/trunk_reader.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/providers/genesys/fixture.hpp"

using namespace trunkform;
using namespace trunkform::genesys;

namespace {
Result<LiveTrunk> read(std::string body) {
  x509::FactsCache facts;
  return TrunkReader(facts).trunk(body);
}
}  // namespace

TEST_CASE("a trunk is read whatever the order of its fields and whatever else it has") {
  const auto& pem = Certificates::shared().old_pem;
  const auto trunk =
      read(R"({"tls":{"x":[1,{"y":null}],"certificate":)" + pem_literal(pem) +
           R"(},"other":{"id":"not this"},"status":"active","name":"A \"B\" \u00fc","version":"v3","id":"7f"})");
  REQUIRE(trunk);
  CHECK(trunk->id.value == "7f");
  CHECK(trunk->name == "A \"B\" ü");
  CHECK(trunk->version == "v3");
  CHECK(trunk->status == "active");
  REQUIRE(trunk->certificate.is_certificate());
  CHECK(trunk->certificate.chain->certificates.size() == 2);
}

TEST_CASE("no certificate, an unknown one and an unreadable one are three different things") {
  CHECK(read(R"({"id":"1","tls":{"certificate":null}})")->certificate.kind == Sighting::Kind::none);
  CHECK(read(R"({"id":"1","tls":{"certificate":""}})")->certificate.kind == Sighting::Kind::none);
  CHECK(read(R"({"id":"1","tls":null})")->certificate.kind == Sighting::Kind::none);
  CHECK(read(R"({"id":"1","tls":{}})")->certificate.kind == Sighting::Kind::unknown);
  CHECK(read(R"({"id":"1"})")->certificate.kind == Sighting::Kind::unknown);
  const auto broken = read(R"({"id":"1","tls":{"certificate":"-----BEGIN CERTIFICATE-----\nxx"}})");
  CHECK(broken->certificate.kind == Sighting::Kind::unknown);
  CHECK(broken->certificate.why.find("cannot be read") != std::string::npos);
}

TEST_CASE("what is no trunk is a protocol error that says what was wrong, never a crash") {
  for (const auto* body : {"",
                           " ",
                           "null",
                           "[]",
                           "1",
                           "\"x\"",
                           "{",
                           "{\"id\"",
                           R"({"id":1})",
                           R"({"id":""})",
                           R"({"name":"x"})",
                           R"({"id":"1","version":{}})",
                           R"({"id":"1","version":1.5})",
                           R"({"id":"1","status":7})",
                           R"({"id":"1","tls":"x"})",
                           R"({"id":"1","tls":{"certificate":7}})",
                           R"({"id":"1"} x)",
                           R"({"id":"1"}})",
                           "<html>",
                           "{\"id\":\"\xff\"}",
                           R"({"id":"1",})"}) {
    INFO(body);
    const auto trunk = read(body);
    REQUIRE_FALSE(trunk);
    CHECK(trunk.error().code == ErrorCode::protocol);
    CHECK_FALSE(trunk.error().summary.empty());
  }
}

TEST_CASE("a page cut off at any byte is an error and not a shorter list") {
  const std::string whole =
      R"({"entities":[{"id":"1","name":"a","tls":{"certificate":null}},{"id":"2"}],"pageSize":100,"pageNumber":1,"total":2})";
  x509::FactsCache facts;
  TrunkReader reader(facts);
  auto body = whole;
  CHECK(reader.page(body)->trunks.size() == 2);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    body = whole.substr(0, size);
    INFO(body);
    CHECK_FALSE(reader.page(body));
  }
}

TEST_CASE("an envelope without entities or total, or with impossible numbers, is no list") {
  x509::FactsCache facts;
  TrunkReader reader(facts);
  for (const auto* text :
       {R"({"entities":[]})", R"({"total":0})", R"({"entities":{},"total":0})", R"({"entities":[],"total":-1})",
        R"({"entities":[],"total":"0"})", R"({"entities":[],"total":99999999999})", R"({"entities":[1],"total":1})"}) {
    std::string body = text;
    INFO(body);
    CHECK(reader.page(body).error().code == ErrorCode::protocol);
  }
}
