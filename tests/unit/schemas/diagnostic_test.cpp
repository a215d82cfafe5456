#include "schemas/model/diagnostic.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;

TEST_CASE("the nearest candidate is suggested, and none that is far") {
  CHECK(nearest("carier_a", {"carrier_a", "carrier_b"}) == "carrier_a");
  CHECK(nearest("certifcate", {"carrier", "certificate"}) == "certificate");
  CHECK(nearest("zzz", {"carrier_a"}).empty());
  CHECK(nearest("x", {"y"}).empty());
  CHECK(nearest("chian", {"private_key", "chain"}) == "chain");  // two neighbours exchanged are one mistake
}

TEST_CASE("warnings alone are no errors") {
  Diagnostics diagnostics;
  diagnostics.warn(Error(ErrorCode::invalid_input, "odd"));
  CHECK_FALSE(diagnostics.has_errors());
  diagnostics.add(Error(ErrorCode::invalid_input, "wrong"));
  CHECK(diagnostics.has_errors());
}

TEST_CASE("an error in one line names its causes and holds no line break") {
  const auto error = Error(ErrorCode::io, "cannot save\nthe state").because(Error(ErrorCode::io, "disk full"));
  CHECK(to_line(error) == "cannot save the state: disk full");
}
