#include <chrono>
#include <functional>
#include <iostream>

#include <catch2/catch.hpp>

#include "schemas/codec/state_codec.hpp"
#include "tests/unit/schemas/codec/random_model.hpp"

using namespace trunkform;
using trunkform::testing::RandomModel;

namespace {

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

// Hidden: a measurement, run by name. The bar holds for an optimised build.
TEST_CASE("ten thousand resources of a thousand chains load and are written in a fraction of a second", "[.speed]") {
  RandomModel random(1);
  std::vector<ChainPtr> chains;
  for (int index = 0; index < 1000; ++index) chains.push_back(random.chain());
  StateDocument document;
  for (std::int64_t index = 0; index < 10000; ++index) {
    ResourceRecord record;
    record.address = {{}, "genesys_trunk_certificate", "all", InstanceKey("Trunk " + std::to_string(index))};
    record.trunk_id = {"7f0c2a52-9d38-4f5b-8f83-" + std::to_string(100000000000 + index)};
    record.trunk_name = "Trunk " + std::to_string(index);
    record.chain = chains[static_cast<std::size_t>(index) % chains.size()];
    record.locator = {"pem_files",
                      {{"chain", "/etc/certificates/chain.pem"}, {"private_key", "/etc/certificates/a.key"}}};
    record.version = VersionId{std::string(64, 'a')};
    record.bound_at = random.instant();
    record.plan = std::string(64, 'b');
    for (std::size_t entry = 0; entry < k_history_length; ++entry) {
      record.history.push_back(
          {chains[random.below(1000)], record.locator, record.version, record.bound_at, record.plan});
    }
    document.resources.emplace(record.address, record);
  }
  std::string bytes;
  const double encoding = seconds_of([&] { bytes = encode_state(document); });
  Result<StateDocument> decoded = Error();
  const double decoding = seconds_of([&] { decoded = decode_state(bytes); });
  REQUIRE(decoded);
  REQUIRE(decoded->resources.size() == 10000);
  std::cout << bytes.size() / 1024 << " KiB: encoded in " << encoding << " s, decoded in " << decoding << " s\n";
}
