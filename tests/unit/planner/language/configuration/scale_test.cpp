#include <catch2/catch.hpp>

#include "planner/language/configuration/configuration.hpp"
#include "tests/unit/planner/language/configuration/memory_host.hpp"

using namespace trunkform;
using namespace trunkform::language;

namespace {

/// Names, windows and a trust store that all instances share.
Loaded load_instances(std::size_t count, test::MemoryHost& host) {
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
  return load_configuration(files, {}, host, {});
}

}  // namespace

// What time they take is measured by tests/bench.
TEST_CASE("ten thousand instances hold one carrier, one window and one locator") {
  test::MemoryHost host;
  const auto loaded = load_instances(10'000, host);
  for (const auto& diagnostic : loaded.diagnostics) UNSCOPED_INFO(to_line(diagnostic.error));
  REQUIRE(loaded.configuration);
  const auto& bindings = loaded.configuration->bindings;
  REQUIRE(bindings.size() == 10'000);
  CHECK((*bindings.back().carrier->trust_store)->size() > 200'000);
  for (const auto& binding : bindings) {
    REQUIRE(&*binding.carrier == &*bindings.front().carrier);
    REQUIRE(&*binding.rotate == &*bindings.front().rotate);
    REQUIRE(&*binding.verify == &*bindings.front().verify);
    REQUIRE(&*binding.locator == &*bindings.front().locator);
  }
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
