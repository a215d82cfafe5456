#include <chrono>

#include <catch2/catch.hpp>

#include "planner/language/configuration/configuration.hpp"
#include "tests/unit/planner/language/configuration/memory_host.hpp"

using namespace trunkform;
using namespace trunkform::language;

namespace {

double seconds_for(std::size_t count) {
  test::MemoryHost host;
  host.files["roots.pem"] = "-----BEGIN CERTIFICATE-----\n" + std::string(200'000, 'A');
  std::string names = "[";
  for (std::size_t i = 0; i < count; ++i) names += (i == 0 ? "\"Trunk " : ",\"Trunk ") + std::to_string(i) + '"';
  names += "]";
  const std::vector<SourceFile> files{{"main.trunk.json", R"J({"locals": {"names": )J" + names + R"J(},
    "certificate": {"pem_files": {"a": {"chain": "a.pem", "private_key": "a.key"}}},
    "carrier": {"a": {"trust_store": "${file(\"roots.pem\")}"}},
    "resource": {"genesys_trunk_certificate": {"a": {
      "for_each": "${toset(local.names)}", "trunk": {"name": "${each.key}"}, "certificate": "${certificate.pem_files.a}",
      "identity": ["${lower(replace(each.key, \" \", \"-\"))}.example.com"], "carrier": "a",
      "rotate": {"window": {"start": "02:00", "for": "4h", "timezone": "America/New_York"}},
      "verify": {"tls": {"address": "edge.example.com:5061"}}}}}})J"}};
  const auto begin = std::chrono::steady_clock::now();
  const auto loaded = load_configuration(files, {}, host, {});
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (const auto& diagnostic : loaded.diagnostics) UNSCOPED_INFO(to_line(diagnostic.error));
  REQUIRE(loaded.configuration);
  REQUIRE(loaded.configuration->bindings.size() == count);
  CHECK((*loaded.configuration->bindings.back().carrier->trust_store)->size() > 200'000);
  return seconds;
}

}  // namespace

TEST_CASE("ten thousand instances take ten times a thousand's time, not more", "[timing]") {
  seconds_for(100);
  const auto small = seconds_for(1000);
  const auto large = seconds_for(10'000);
  WARN("1,000 instances: " << small << " s, 10,000: " << large << " s");
  CHECK(large < small * 25 + 0.2);
}

TEST_CASE("a mistake in ten thousand instances is told once") {
  test::MemoryHost host;
  const std::vector<SourceFile> files{{"main.trunk.json", R"J({
    "certificate": {"pem_files": {"a": {"chain": "a.pem", "private_key": "a.key"}}},
    "resource": {"genesys_trunk_certificate": {"a": {
      "for_each": "${toset([for i in range(0, 1000) : \"t${i}\"])}", "trunk": {"name": "${each.key}"},
      "certificate": "a", "identity": ["x.example.com"], "rotate": {"before_expiry": "soon"}}}}})J"}};
  const auto loaded = load_configuration(files, {}, host, {});
  REQUIRE(loaded.diagnostics.items().size() == 1);
  CHECK(loaded.diagnostics.items()[0].error.detail.find("999 more") != std::string::npos);
}
