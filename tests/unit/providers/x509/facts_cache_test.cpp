#include "providers/x509/facts_cache.hpp"

#include <thread>

#include "tests/unit/providers/x509/samples.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using samples::family;
using samples::k_now;
using samples::must;

TEST_CASE("the same text gives the same chain, and an intermediate is held once") {
  FactsCache cache;
  const auto first = must(cache.chain_of_pem(family().chain_pem()));
  CHECK(must(cache.chain_of_pem(family().chain_pem())) == first);

  const auto other = testing::make(testing::leaf_request(k_now, "other.example.com"), family().intermediate);
  const auto second = must(cache.chain_of_pem(other.pem + family().intermediate.pem));
  CHECK(second->certificates[1] == first->certificates[1]);
  CHECK(second->certificates[0] != first->certificates[0]);
}

TEST_CASE("a live chain keeps the order in which the service gives it, and its leaf is found there") {
  FactsCache cache;
  const auto chain = must(cache.chain_of_pem(family().intermediate.pem + family().leaf.pem));
  CHECK(chain->certificates.front()->common_name == "Test Intermediate");
  CHECK(chain->leaf().common_name == "sip.example.com");
  CHECK(chain->identity == identity_of(samples::parsed(family().intermediate.pem + family().leaf.pem)));
}

TEST_CASE("a chain out of DER is the same chain as out of PEM, and shares its certificates") {
  FactsCache cache;
  const std::vector<std::string> ders = {family().leaf.der, family().intermediate.der};
  const auto fresh = must(cache.chain_of_ders(ders));
  const auto from_pem = must(cache.chain_of_pem(family().chain_pem()));
  CHECK(fresh->identity == from_pem->identity);
  CHECK(fresh->certificates == from_pem->certificates);
  CHECK(must(cache.chain_of_ders(ders))->certificates == fresh->certificates);
}

TEST_CASE("DER that is none is an error that says which one, and so is none at all") {
  FactsCache cache;
  CHECK(cache.chain_of_ders({}).error().code == ErrorCode::invalid_input);
  const auto bad = cache.chain_of_ders({family().leaf.der, "0rubbish"});
  REQUIRE_FALSE(bad);
  CHECK(bad.error().summary == "certificate 2 is not an X.509 certificate");
  CHECK_FALSE(cache.chain_of_ders({family().leaf.der + "x"}));
}

TEST_CASE("broken text is an error each time") {
  FactsCache cache;
  CHECK_FALSE(cache.chain_of_pem("rubbish"));
  CHECK_FALSE(cache.chain_of_pem("rubbish"));
}

TEST_CASE("many threads may ask at once") {
  FactsCache cache;
  std::vector<ChainPtr> chains(8);
  {
    std::vector<std::jthread> threads;
    for (auto& chain : chains) {
      threads.emplace_back([&] { chain = cache.chain_of_pem(family().chain_pem()).value_or(nullptr); });
    }
  }
  for (const auto& chain : chains) {
    REQUIRE(chain);
    CHECK(chain == chains.front());
  }
}
