// What issuers must be and may do, and how long paths are.
#include "tests/unit/providers/x509/path_case.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using namespace trunkform::x509::samples;
using testing::KeyType;

namespace {

testing::Request authority(const std::string& name, std::optional<int> path_length = std::nullopt) {
  auto request = testing::intermediate_request(k_now);
  request.common_name = name;
  request.path_length = path_length;
  return request;
}

/// So many authorities between the intermediate and the leaf.
auto lower(std::size_t count, std::optional<int> limit_of_intermediate) {
  return [=](PathCase& c) {
    c.intermediate.path_length = limit_of_intermediate;
    for (std::size_t i = 0; i < count; ++i) c.lower.push_back(authority("Lower " + std::to_string(i)));
  };
}

auto depth_limit(int limit, std::size_t lower_ones) {
  return [=](PathCase& c) {
    c.question.max_depth = limit;
    for (std::size_t i = 0; i < lower_ones; ++i) c.lower.push_back(authority("Lower " + std::to_string(i)));
  };
}

auto intermediate_key(KeyType type) {
  return [=](PathCase& c) { c.intermediate_key = testing::Key::shared(type); };
}

auto root_key(KeyType type) {
  return [=](PathCase& c) { c.root_key = testing::Key::shared(type); };
}

auto constraints(testing::Request PathCase::* request, const std::string& value) {
  return [=](PathCase& c) { (c.*request).basic_constraints = value; };
}

auto usage(testing::Request PathCase::* request, const std::string& value) {
  return [=](PathCase& c) { (c.*request).key_usage = value; };
}

auto usages(testing::Request PathCase::* request, const std::string& value) {
  return [=](PathCase& c) { (c.*request).extensions.emplace_back("extendedKeyUsage", value); };
}

}  // namespace

TEST_CASE("issuers are authorities that may sign") {
  const std::vector<PathRow> rows{
      blocks("intermediate with CA:FALSE", Check::issuer_is_authority, 1,
             constraints(k_intermediate, "critical,CA:FALSE"), {Check::key_usage_agrees}),
      blocks("intermediate without basicConstraints", Check::issuer_is_authority, 1, constraints(k_intermediate, ""),
             {Check::key_usage_agrees}),
      blocks("trusted certificate with CA:FALSE", Check::issuer_is_authority, 2,
             constraints(k_root, "critical,CA:FALSE"), {Check::key_usage_agrees}),
      warns("root without basicConstraints", Check::issuer_is_authority, 2, constraints(k_root, ""),
            {Check::key_usage_agrees}),
      warns("intermediate's basicConstraints not critical", Check::basic_constraints_critical, 1,
            constraints(k_intermediate, "CA:TRUE")),
      warns("root's basicConstraints not critical", Check::basic_constraints_critical, 2,
            constraints(k_root, "CA:TRUE")),
      good("leaf's basicConstraints not critical", constraints(k_leaf, "CA:FALSE")),
      good("leaf without basicConstraints", constraints(k_leaf, "")),
      blocks("intermediate without keyCertSign", Check::issuer_may_sign, 1, usage(k_intermediate, "critical,cRLSign")),
      blocks("root without keyCertSign", Check::issuer_may_sign, 2, usage(k_root, "critical,cRLSign")),
      good("intermediate without keyUsage", usage(k_intermediate, "")),
      good("root without keyUsage", usage(k_root, "")),
      good("leaf without keyUsage", usage(k_leaf, "")),
      blocks("leaf with keyCertSign", Check::key_usage_agrees, 0,
             usage(k_leaf, "critical,digitalSignature,keyCertSign")),
      blocks("leaf without basicConstraints and with keyCertSign", Check::key_usage_agrees, 0,
             [](PathCase& c) {
               c.leaf.basic_constraints.clear();
               c.leaf.key_usage = "digitalSignature,keyCertSign";
             }),
      blocks("keyUsage that allows nothing", Check::key_usage_filled, 0,
             [](PathCase& c) {
               c.leaf.key_usage.clear();
               c.leaf.extensions.emplace_back("keyUsage", "critical,DER:030100");
             }),
      blocks("keyUsage of zeros", Check::key_usage_filled, 0,
             [](PathCase& c) {
               c.leaf.key_usage.clear();
               c.leaf.extensions.emplace_back("keyUsage", "critical,DER:03020700");
             }),
      blocks("leaf with a limit of the path", Check::path_length_placed, 0,
             constraints(k_leaf, "critical,CA:FALSE,pathlen:0")),
      blocks("limit of the path without keyCertSign", Check::path_length_placed, 1,
             [](PathCase& c) {
               c.intermediate.path_length = 0;
               c.intermediate.key_usage = "critical,cRLSign";
             },
             {Check::issuer_may_sign}),
  };
  for (const auto& row : rows) expect(row);
}

TEST_CASE("extended key usages of issuers and leaves") {
  const std::vector<PathRow> rows{
      good("intermediate for servers", usages(k_intermediate, "serverAuth")),
      good("intermediate for servers and clients", usages(k_intermediate, "serverAuth,clientAuth")),
      good("intermediate for servers and anything", usages(k_intermediate, "serverAuth,anyExtendedKeyUsage")),
      blocks("intermediate for anything", Check::issuer_usages, 1, usages(k_intermediate, "anyExtendedKeyUsage")),
      blocks("root for anything", Check::issuer_usages, 2, usages(k_root, "anyExtendedKeyUsage"),
             {Check::root_without_usages}),
      blocks("intermediate for clients", Check::issuer_usages, 1, usages(k_intermediate, "clientAuth")),
      blocks("intermediate for e-mail", Check::issuer_usages, 1, usages(k_intermediate, "emailProtection")),
      blocks("root for clients", Check::issuer_usages, 2, usages(k_root, "clientAuth"), {Check::root_without_usages}),
      warns("root for servers", Check::root_without_usages, 2, usages(k_root, "serverAuth")),
      good("both sides, and an intermediate for both",
           [](PathCase& c) {
             c.question.purpose = Purpose::mutual;
             c.intermediate.extensions.emplace_back("extendedKeyUsage", "serverAuth,clientAuth");
           }),
      blocks("both sides, and an intermediate for servers", Check::issuer_usages, 1,
             [](PathCase& c) {
               c.question.purpose = Purpose::mutual;
               c.intermediate.extensions.emplace_back("extendedKeyUsage", "serverAuth");
             }),
      blocks("leaf with an empty list of usages", Check::usages_filled, 0,
             [](PathCase& c) {
               c.leaf.extended_key_usage.clear();
               c.leaf.extensions.emplace_back("extendedKeyUsage", "DER:3000");
             }),
      warns("leaf without usages", Check::usages_stated, 0, [](PathCase& c) { c.leaf.extended_key_usage.clear(); }),
      warns("leaf for anything", Check::usages_named, 0,
            [](PathCase& c) { c.leaf.extended_key_usage = {"serverAuth", "anyExtendedKeyUsage"}; }),
      warns("leaf's usages critical", Check::usages_not_critical, 0,
            [](PathCase& c) { c.leaf.extended_key_usage = {"critical", "serverAuth"}; }),
      good("leaf for servers and clients",
           [](PathCase& c) { c.leaf.extended_key_usage = {"serverAuth", "clientAuth"}; }),
      good("leaf for code: a rule says it", [](PathCase& c) { c.leaf.extended_key_usage = {"codeSigning"}; }),
  };
  for (const auto& row : rows) expect(row);
}

TEST_CASE("keys of issuers") {
  const std::vector<PathRow> rows{
      good("intermediate with RSA 2048", intermediate_key(KeyType::rsa_2048)),
      good("root with RSA 3072", root_key(KeyType::rsa_3072)),
      good("intermediate with P-384", intermediate_key(KeyType::ec_p384)),
      good("intermediate with P-521", intermediate_key(KeyType::ec_p521)),
      blocks("intermediate with RSA 1024", Check::issuer_key, 1, intermediate_key(KeyType::rsa_1024)),
      blocks("root with RSA 1024", Check::issuer_key, 2, root_key(KeyType::rsa_1024)),
      good("root with RSA 1024 where the carrier allows it",
           [](PathCase& c) {
             c.root_key = testing::Key::shared(KeyType::rsa_1024);
             c.question.least_rsa_bits = 1024;
           }),
      blocks("intermediate on secp256k1", Check::issuer_key, 1, intermediate_key(KeyType::ec_secp256k1)),
      blocks("intermediate with Ed25519", Check::issuer_key, 1, intermediate_key(KeyType::ed25519)),
      blocks("root with DSA", Check::issuer_key, 2, root_key(KeyType::dsa_2048), {Check::signature_strength}),
      good("leaf with RSA 1024: a rule says it",
           [](PathCase& c) { c.leaf_key = testing::Key::shared(KeyType::rsa_1024); }),
      good("leaf with Ed25519: a rule says it",
           [](PathCase& c) { c.leaf_key = testing::Key::shared(KeyType::ed25519); }),
      warns("leaf with RSA 2052", Check::rsa_size, 0,
            [](PathCase& c) { c.leaf_key = testing::Key::shared(KeyType::rsa_2052); }),
      blocks("leaf with the public exponent 1", Check::rsa_exponent, 0,
             [](PathCase& c) { c.leaf_key = testing::Key::of_exponent(1); }),
      blocks("leaf with an even public exponent", Check::rsa_exponent, 0,
             [](PathCase& c) { c.leaf_key = testing::Key::of_exponent(65536); }),
      good("leaf with the public exponent 3", [](PathCase& c) { c.leaf_key = testing::Key::of_exponent(3); }),
  };
  for (const auto& row : rows) expect(row);
}

TEST_CASE("how long a path may be") {
  const std::vector<PathRow> rows{
      good("limit 0, none below", lower(0, 0)),
      blocks("limit 0, one below", Check::path_length, 2, lower(1, 0)),
      good("limit 1, one below", lower(1, 1)),
      blocks("limit 1, two below", Check::path_length, 3, lower(2, 1)),
      good("no limit, three below", lower(3, std::nullopt)),
      blocks("the root's limit 0", Check::path_length, 2, [](PathCase& c) { c.root.path_length = 0; }),
      good("the root's limit 1", [](PathCase& c) { c.root.path_length = 1; }),
      good("limits that grow on the way down",
           [](PathCase& c) {
             c.intermediate.path_length = 1;
             c.lower = {authority("Lower", 5)};
           }),
      blocks("a self-issued one, and another", Check::path_length, 3,
             [](PathCase& c) {
               c.intermediate.path_length = 0;
               c.lower = {authority(c.intermediate.common_name), authority("Lower")};
             },
             {Check::authority_key_identifier}),
      good("a self-issued one is not counted",
           [](PathCase& c) {
             c.intermediate.path_length = 0;
             c.lower = {authority(c.intermediate.common_name)};
           }),
      good("one intermediate, one allowed", depth_limit(1, 0)),
      blocks("one intermediate, none allowed", Check::path_depth, 0, depth_limit(0, 0)),
      blocks("three intermediates, two allowed", Check::path_depth, 0, depth_limit(2, 2)),
      good("three intermediates, three allowed", depth_limit(3, 2)),
      good("a self-issued one is not counted among those that are allowed",
           [](PathCase& c) {
             c.question.max_depth = 1;
             c.lower = {authority(c.intermediate.common_name)};
           }),
  };
  for (const auto& row : rows) expect(row);
}
