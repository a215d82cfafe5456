// Revocation lists along a path.
#include "tests/unit/providers/x509/path_case.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using namespace trunkform::x509::samples;

TEST_CASE("revocation lists that are at hand") {
  const auto list = [](auto change) {
    return [=](PathCase& c) {
      testing::RevocationRequest request{{}, k_now - k_day, k_now + k_day};
      change(request, c);
      c.lists = {request};
    };
  };
  const std::vector<PathRow> rows{
      good("a list that names nobody", list([](auto&, auto&) {})),
      warns("a list without a number", Check::list_number, 1,
            list([](auto& request, auto&) { request.number.clear(); })),
      warns("a list with a critical number", Check::list_number, 1,
            list([](auto& request, auto&) { request.number_critical = true; })),
      warns("an issuer that may sign no lists", Check::list_usable, 1,
            list([](auto&, PathCase& c) { c.intermediate.key_usage = "critical,keyCertSign"; })),
      warns("a list with an unknown critical extension", Check::list_usable, 1, list([](auto& request, auto&) {
              request.extensions = {{"1.3.6.1.4.1.55738.666.1", "critical,DER:0500"}};
            })),
      good("an issuer without keyUsage", list([](auto&, PathCase& c) { c.intermediate.key_usage.clear(); })),
  };
  for (const auto& row : rows) expect(row);

  const auto said = [](const std::string& scope, const std::string& places) {
    PathCase one;
    one.leaf.serial = "77";
    if (!places.empty()) one.leaf.extensions.emplace_back("crlDistributionPoints", places);
    testing::RevocationRequest request{{}, k_now - k_day, k_now + k_day};
    request.extensions = {{"issuingDistributionPoint", scope}};
    one.lists = {request};
    return one.judge().revocation;
  };
  const auto named = [](const std::string& extension, const std::string& value) {
    PathCase one;
    one.leaf.serial = "77";
    testing::RevocationRequest request{{testing::make(one.leaf, family().intermediate)}, k_now - k_day, k_now + k_day};
    if (!extension.empty()) request.extensions = {{extension, value}};
    one.lists = {request};
    return one;
  };
  CHECK(named("", "").judge().revocation == Revocation::revoked);
  CHECK(named("issuingDistributionPoint", "critical,onlysomereasons:keyCompromise").judge().revocation ==
        Revocation::revoked);
  CHECK(named("issuingDistributionPoint", "critical,fullname:URI:http://a.example/1.crl").judge().revocation ==
        Revocation::revoked);
  CHECK(named("deltaCRL", "critical,DER:020101").judge().revocation == Revocation::revoked);
  {
    // The authority changed its key, and signs lists with the one above.
    auto rolled = named("", "");
    auto lower = testing::intermediate_request(k_now);
    lower.common_name = rolled.intermediate.common_name;
    rolled.lower = {lower};
    CHECK(rolled.judge().revocation == Revocation::revoked);
    rolled.intermediate_signs_lists = true;
    CHECK(rolled.judge().revocation == Revocation::revoked);
    rolled.lower.front().common_name = "Another Intermediate";
    CHECK(rolled.judge().revocation == Revocation::unknown);
  }
  CHECK(said("critical,onlyuser:TRUE", "") == Revocation::good);
  CHECK(said("critical,onlyCA:TRUE", "") == Revocation::unknown);
  CHECK(said("critical,onlyAA:TRUE", "") == Revocation::unknown);
  CHECK(said("critical,onlysomereasons:keyCompromise", "") == Revocation::unknown);
  CHECK(said("critical,fullname:URI:http://a.example/1.crl", "") == Revocation::unknown);
  CHECK(said("critical,fullname:URI:http://a.example/1.crl", "URI:http://a.example/1.crl") == Revocation::good);
  CHECK(said("critical,fullname:URI:http://a.example/1.crl", "URI:http://a.example/2.crl") == Revocation::unknown);
}
