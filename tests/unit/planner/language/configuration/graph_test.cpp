#include "planner/language/configuration/graph.hpp"

#include <catch2/catch.hpp>

using namespace trunkform::language;

TEST_CASE("what is needed comes first") {
  const auto order = order_of({{1, 2}, {2}, {}});
  CHECK(order.sequence == std::vector<std::size_t>{2, 1, 0});
  CHECK(order.cycles.empty());
}

TEST_CASE("a cycle is named by its shortest way around") {
  const auto order = order_of({{1}, {2, 1}, {0, 3}, {0}, {}});
  REQUIRE(order.cycles.size() == 1);
  CHECK(order.cycles[0] == std::vector<std::size_t>{0, 1, 2});
  CHECK(order.sequence.size() == 5);
}

TEST_CASE("a name that refers to itself is a cycle of one") {
  CHECK(order_of({{0}}).cycles == std::vector<std::vector<std::size_t>>{{0}});
}

TEST_CASE("a chain of a million names needs no stack") {
  std::vector<std::vector<std::size_t>> needs(1'000'000);
  for (std::size_t i = 0; i + 1 < needs.size(); ++i) needs[i] = {i + 1};
  const auto order = order_of(needs);
  CHECK(order.sequence.front() == needs.size() - 1);
  CHECK(order.sequence.back() == 0);
}
