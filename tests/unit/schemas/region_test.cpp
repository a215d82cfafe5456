#include "schemas/model/region.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace trunkform;

TEST_CASE("every region that has a name at Amazon is one of the vendor's domains") {
  const auto& domains = genesys_regions();
  CHECK(domains.size() == 18);
  for (const auto* name :
       {"us-east-1", "eu-west-1", "ap-southeast-2", "ap-northeast-1", "eu-central-1", "us-west-2", "ca-central-1",
        "ap-northeast-2", "eu-west-2", "ap-south-1", "sa-east-1", "me-central-1", "ap-northeast-3", "eu-central-2"}) {
    INFO(name);
    const auto domain = genesys_region_of(name);
    REQUIRE(domain);
    CHECK(std::count(domains.begin(), domains.end(), *domain) == 1);
  }
  CHECK(genesys_region_of("eu-central-1") == "mypurecloud.de");
  CHECK_FALSE(genesys_region_of("mypurecloud.de"));
}
