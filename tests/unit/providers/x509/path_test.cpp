#include "providers/x509/path.hpp"

#include <thread>

#include "providers/x509/chain.hpp"
#include "tests/unit/providers/x509/samples.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using samples::family;
using samples::k_day;
using samples::k_now;
using samples::must;
using samples::parsed;

namespace {

PathQuestion question(const std::string& roots = family().root.pem) {
  PathQuestion one;
  one.at = k_now;
  one.trust = must(TrustStore::from_pem(roots));
  return one;
}

RevocationListsPtr list_of(const testing::RevocationRequest& request, const testing::Issued& issuer) {
  return must(RevocationLists::from_pem(testing::make_revocation_list(request, issuer)));
}

}  // namespace

TEST_CASE("a good chain leads to its root, and the path includes it") {
  const auto answer = check_path(parsed(family().chain_pem()), question());
  CHECK(answer.path.trusted);
  CHECK(answer.path.problem == PathProblem::none);
  REQUIRE(answer.path.path.size() == 3);
  CHECK(answer.path.path[2]->common_name == "Test Root");
  CHECK(answer.path.effective_expiry == answer.path.path[0]->not_after);
  CHECK(answer.revocation == Revocation::unknown);
}

TEST_CASE("it does not matter on which threads the certificates of a path were read, and a bad signature stays one") {
  const auto other = testing::make(testing::leaf_request(k_now), testing::make_family(k_now).intermediate);
  Certificates good, bad;
  const auto read = [](const std::string& pem, Certificates& into) {
    std::thread([&] { into.push_back(parsed(pem).front()); }).join();
  };
  for (int thread = 0; thread < 5; ++thread) {
    good.clear();
    bad.clear();
    read(family().leaf.pem, good);
    read(other.pem, bad);
    for (auto* chain : {&good, &bad}) read(family().intermediate.pem, *chain);
    const auto trust = question();
    CHECK(check_path(good, trust).path.trusted);
    CHECK_FALSE(check_path(bad, trust).path.trusted);
    CHECK(identity_of(good) == identity_of(parsed(family().chain_pem())));
  }
}

TEST_CASE("the effective expiry is that of a short intermediate, and of a short root") {
  auto request = testing::intermediate_request(k_now);
  request.not_after = k_now + 5 * k_day;
  const auto intermediate = testing::make(request, family().root);
  const auto leaf = testing::make(testing::leaf_request(k_now), intermediate);
  CHECK(check_path(parsed(leaf.pem + intermediate.pem), question()).path.effective_expiry == k_now + 5 * k_day);

  auto short_root = testing::root_request(k_now);
  short_root.not_after = k_now + 2 * k_day;
  const auto root = testing::make_root(short_root, family().root.key);
  const auto answer = check_path(parsed(family().chain_pem()), question(root.pem));
  CHECK(answer.path.trusted);
  CHECK(answer.path.effective_expiry == k_now + 2 * k_day);
}

TEST_CASE("of two intermediates the path takes the one that is still valid") {
  auto request = testing::intermediate_request(k_now);
  request.not_after = k_now - k_day;
  const auto expired = testing::make(request, family().root, family().intermediate.key);
  const auto answer = check_path(parsed(family().leaf.pem + expired.pem + family().intermediate.pem), question());
  CHECK(answer.path.trusted);
}

TEST_CASE("what keeps a path from being trusted has its own word") {
  SECTION("an intermediate that is not sent") {
    const auto path = check_path(parsed(family().leaf.pem), question()).path;
    CHECK_FALSE(path.trusted);
    CHECK(path.problem == PathProblem::no_issuer);
    CHECK(path.failure.find("unable to get local issuer certificate") != std::string::npos);
  }
  SECTION("a root that is sent and not trusted") {
    const auto stranger = testing::make_family(k_now);
    const auto path = check_path(parsed(family().chain_pem() + family().root.pem), question(stranger.root.pem)).path;
    CHECK(path.problem == PathProblem::untrusted_root);
  }
  SECTION("a root of the trusted name with another key") {
    const auto stranger = testing::make_family(k_now);
    CHECK_FALSE(check_path(parsed(family().chain_pem()), question(stranger.root.pem)).path.trusted);
  }
  SECTION("a leaf that has ended keeps its path") {
    auto later = question();
    later.at = k_now + 200 * k_day;
    const auto path = check_path(parsed(family().chain_pem()), later).path;
    CHECK_FALSE(path.trusted);
    CHECK(path.problem == PathProblem::expired);
    CHECK(path.failure_depth == 0);
    CHECK(path.path.size() == 3);
  }
  SECTION("a leaf that has not begun") {
    auto earlier = question();
    earlier.at = k_now - 100 * k_day;
    CHECK(check_path(parsed(family().chain_pem()), earlier).path.problem == PathProblem::not_yet_valid);
  }
  SECTION("a chain longer than its authority allows") {
    auto request = testing::intermediate_request(k_now);
    request.common_name = "Lower Intermediate";  // one of the same name would be self-issued, and not counted
    const auto lower = testing::make(request, family().intermediate);
    const auto leaf = testing::make(testing::leaf_request(k_now), lower);
    const auto path = check_path(parsed(leaf.pem + lower.pem + family().intermediate.pem), question()).path;
    CHECK(path.problem == PathProblem::other);
    CHECK(path.failure == "path_length: it allows 0 intermediates below it, and there are 1");
    CHECK(path.failure_depth == 2);
  }
  SECTION("an issuer that is no authority") {
    const auto below = testing::make(testing::leaf_request(k_now, "below.example.com"), family().leaf);
    CHECK_FALSE(check_path(parsed(below.pem + family().chain_pem()), question()).path.trusted);
  }
  SECTION("a broken signature") {
    const auto broken = testing::with_broken_signature(family().leaf);
    CHECK(check_path(parsed(broken.pem + family().intermediate.pem), question()).path.problem == PathProblem::other);
  }
}

TEST_CASE("the most intermediates can be limited") {
  auto limited = question();
  limited.max_depth = 1;
  CHECK(check_path(parsed(family().chain_pem()), limited).path.trusted);
  limited.max_depth = 0;
  CHECK_FALSE(check_path(parsed(family().chain_pem()), limited).path.trusted);
}

TEST_CASE("a path may end in a trusted intermediate") {
  const auto answer = check_path(parsed(family().leaf.pem), question(family().intermediate.pem));
  CHECK(answer.path.trusted);
  CHECK(answer.path.path.size() == 2);
}

TEST_CASE("a leaf may have its issuer's name and key") {
  const auto& issuer = family().intermediate;
  auto request = testing::leaf_request(k_now);
  request.common_name = testing::intermediate_request(k_now).common_name;
  request.organisation = testing::intermediate_request(k_now).organisation;
  const auto certificates = parsed(testing::make(request, issuer, issuer.key).pem + issuer.pem);
  const auto answer = check_path(certificates, question());
  CHECK(answer.path.trusted);
  CHECK(answer.path.path.size() == 3);
  CHECK(must(build_chain(certificates, {})).certificates.size() == 2);
}

TEST_CASE("the leaf's usages do not decide about the path") {
  auto request = testing::leaf_request(k_now);
  request.extended_key_usage = {"codeSigning"};
  const auto leaf = testing::make(request, family().intermediate);
  CHECK(check_path(parsed(leaf.pem + family().intermediate.pem), question()).path.trusted);
}

TEST_CASE("an authority that may issue for servers alone does not do where both sides show certificates") {
  auto request = testing::intermediate_request(k_now);
  request.extensions.emplace_back("extendedKeyUsage", "serverAuth");
  const auto intermediate = testing::make(request, family().root);
  const auto leaf = testing::make(testing::leaf_request(k_now), intermediate);
  auto asked = question();
  CHECK(check_path(parsed(leaf.pem + intermediate.pem), asked).path.trusted);
  asked.purpose = Purpose::mutual;
  const auto answer = check_path(parsed(leaf.pem + intermediate.pem), asked);
  CHECK_FALSE(answer.path.trusted);
  CHECK(answer.path.failure_depth == 1);
  CHECK(check_path(parsed(family().chain_pem()), asked).path.trusted);
}

TEST_CASE("a list that names the leaf revokes it, one that does not says good, none says nothing") {
  auto asked = question();
  asked.revocation = list_of({{family().leaf}, k_now - k_day, k_now + k_day}, family().intermediate);
  const auto revoked = check_path(parsed(family().chain_pem()), asked);
  CHECK(revoked.revocation == Revocation::revoked);
  CHECK(revoked.path.trusted);  // two facts, two rules

  asked.revocation = list_of({{}, k_now - k_day, k_now + k_day}, family().intermediate);
  CHECK(check_path(parsed(family().chain_pem()), asked).revocation == Revocation::good);

  asked.revocation = list_of({{}, k_now - k_day, k_now + k_day}, family().root);
  CHECK(check_path(parsed(family().chain_pem()), asked).revocation == Revocation::unknown);
}

TEST_CASE("a list that has run out still revokes, but no longer says good") {
  auto asked = question();
  asked.revocation = list_of({{}, k_now - 10 * k_day, k_now - k_day}, family().intermediate);
  CHECK(check_path(parsed(family().chain_pem()), asked).revocation == Revocation::unknown);
  asked.revocation = list_of({{family().leaf}, k_now - 10 * k_day, k_now - k_day}, family().intermediate);
  CHECK(check_path(parsed(family().chain_pem()), asked).revocation == Revocation::revoked);
}

TEST_CASE("a list by somebody else with the authority's name says nothing") {
  const auto impostor = testing::make_family(k_now);
  auto asked = question();
  asked.revocation = list_of({{family().leaf}, k_now - k_day, k_now + k_day}, impostor.intermediate);
  CHECK(check_path(parsed(family().chain_pem()), asked).revocation != Revocation::good);
  CHECK(check_path(parsed(family().chain_pem()), asked).revocation != Revocation::revoked);
}

TEST_CASE("an intermediate that is revoked revokes") {
  auto asked = question();
  asked.revocation = list_of({{family().intermediate}, k_now - k_day, k_now + k_day}, family().root);
  CHECK(check_path(parsed(family().chain_pem()), asked).revocation == Revocation::revoked);
}

TEST_CASE("trust stores are parsed once by their text") {
  TrustStores stores;
  const std::optional<std::string> pem = family().root.pem;
  CHECK(must(stores.get(pem)) == must(stores.get(pem)));
  CHECK(must(stores.get(std::nullopt)) == TrustStore::system());
  CHECK_FALSE(stores.get(std::string("rubbish")));
  CHECK_FALSE(RevocationLists::from_pem(family().root.der));
  CHECK_FALSE(RevocationLists::from_pem(family().root.pem));
}
