#include "cmd/trunkform/alike_errors.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using cli::folded;

namespace {

Error older(const std::string& address) {
  return Error(ErrorCode::conflict, "the source offers a certificate that ends before the live one", "Offered is x.")
      .of(address)
      .hint("to bind it all the same: `trunkform apply -replace='" + address + "'`");
}

}  // namespace

TEST_CASE("what many addresses are told alike is told once, with the others by name") {
  const auto told = folded({older("t.a"), older("t.b"), Error(ErrorCode::not_found, "gone").of("t.c"), older("t.d")});
  REQUIRE(told.size() == 2);
  CHECK(told[0].address == "t.a");
  CHECK(told[0].detail == "Offered is x. So it is with 2 other addresses: t.b, t.d.");
  CHECK(told[0].hints == older("t.a").hints);
  CHECK(told[1].address == "t.c");
  CHECK(told[1].detail.empty());
}

TEST_CASE("of many addresses some are named") {
  std::vector<Error> errors;
  for (int i = 0; i < 9; ++i) errors.push_back(older("t." + std::to_string(i)));
  REQUIRE(folded(errors).size() == 1);
  CHECK(folded(errors)[0].detail ==
        "Offered is x. So it is with 8 other addresses: t.1, t.2, t.3, t.4, t.5 and 3 more.");
}

TEST_CASE("what differs in a detail, a hint or a cause, or has no address, is told each time") {
  auto other = older("t.b");
  SECTION("detail") { other.detail = "Offered is y."; }
  SECTION("hint") { other.hints.front() = "do something else"; }
  SECTION("cause") { other.causes.emplace_back(ErrorCode::io, "the disk is full"); }
  SECTION("address") { other.address.clear(); }
  CHECK(folded({older("t.a"), other}).size() == 2);
  const auto nowhere = Error(ErrorCode::io, "the disk is full");
  CHECK(folded({nowhere, nowhere}).size() == 2);
}
