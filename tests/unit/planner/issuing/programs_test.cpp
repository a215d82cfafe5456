#include "planner/issuing/programs.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::issuing;

TEST_CASE("what an apply runs to show names to be ours is told as people would type it") {
  const Locator hook{"acme", {{"dns_01.hook", R"(["/opt/dns/hook","--zone","a b","it's"])"}}};
  CHECK(hook_of(hook) == std::vector<std::string>{"/opt/dns/hook", "--zone", "a b", "it's"});
  CHECK(hook_line(hook) == R"(/opt/dns/hook --zone 'a b' 'it'\''s' present|cleanup RECORD VALUE)");
  for (const auto& none : {Locator{"acme", {{"directory", "https://ca.example.com/dir"}}},
                           Locator{"vault_pki", {{"dns_01.hook", R"(["/opt/dns/hook"])"}}}}) {
    CHECK(hook_of(none).empty());
    CHECK(hook_line(none).empty());
  }
}
