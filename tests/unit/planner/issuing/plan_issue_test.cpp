#include "planner/issuing/plan_issue.hpp"

#include <functional>

#include <catch2/catch.hpp>

#include "tests/unit/planner/issuing/known_issue.hpp"

using namespace trunkform;
using namespace trunkform::issuing;
using namespace trunkform::issuing::known_issue;
using namespace std::chrono_literals;

TEST_CASE("what the store does not have is issued, conditional on nothing being there") {
  const Known known;
  const auto planned = known.plan();
  CHECK(planned.cause == IssueCause::first);
  CHECK(planned.issues());
  CHECK_FALSE(planned.replaces);
}

TEST_CASE("a store that lost what was put into it is told") {
  Known known;
  known.issued_by({"vault_pki", {}});
  CHECK(known.plan().notes.at(0).ends_with("whether the store has it with its key could not be asked"));
  known.input.store = StoreSight{};
  auto planned = known.plan();
  CHECK(planned.cause == IssueCause::first);
  REQUIRE(planned.notes.size() == 1);
  CHECK(planned.notes[0].find("the store is empty, and had what was issued at") == 0);
  CHECK(planned.notes[0].find("reuse_key") == std::string::npos);
  known.request.reuse_key = true;
  CHECK(known.plan().notes.at(0).ends_with("so another key is made in spite of reuse_key"));
  known.request.store.arguments["keep"] = "5";
  CHECK(known.plan().notes.size() == 1);
  // Another store never had it, and who moved the store may think that it went along.
  known.request.store = {"files", {{"path", "elsewhere"}}};
  REQUIRE(known.plan().notes.size() == 1);
  CHECK(known.plan().notes[0].ends_with(", and stays there with its key"));
}

TEST_CASE("other names, another key or another issuer ask for another certificate at once") {
  Known names(stored(80 * k_day));
  names.request.names = {"SIP.example.com"};
  CHECK(names.plan().cause == IssueCause::none);
  names.request.names = {"sip.example.com", "sip:example.com"};
  CHECK(names.plan().cause == IssueCause::names_changed);

  Known key(stored(80 * k_day));
  key.request.key = KeyType::rsa_2048;
  CHECK(key.plan().cause == IssueCause::key_changed);

  Known issuer(stored(80 * k_day));
  issuer.issued_by(issuer.request.issuer);
  CHECK(issuer.plan().cause == IssueCause::none);
  issuer.request.issuer.arguments["timeout"] = "1m";
  CHECK(issuer.plan().cause == IssueCause::none);
  issuer.request.issuer.arguments["role"] = "other";
  CHECK(issuer.plan().cause == IssueCause::issuer_changed);
  REQUIRE(issuer.plan().notes.size() == 1);
  CHECK(issuer.plan().notes.front().find("role was ") == 0);
  CHECK(issuer.plan().notes.front().ends_with(" and is other"));
  // Who signed what others put there is not known.
  issuer.record.last->chain = stored(70 * k_day);
  auto stranger = std::make_shared<ChainFacts>(*issuer.record.last->chain);
  stranger->identity.leaf.bytes[0] = 9;
  issuer.record.last->chain = stranger;
  CHECK(issuer.plan().cause == IssueCause::none);
}

TEST_CASE("a request that is open is gone on with, and one for something else is given up") {
  Known same;
  same.open_for({"sip.example.com"});
  CHECK(same.plan().cause == IssueCause::resumed);
  CHECK(same.plan().resumes == "r-1");
  Known other;
  other.open_for({"old.example.com"});
  CHECK(other.plan().cause == IssueCause::first);
  CHECK(other.plan().resumes.empty());
  REQUIRE(other.plan().notes.size() == 1);
  CHECK(other.plan().notes.front().find("was for something else") != std::string::npos);
  CHECK(other.plan().notes.front().find("order") == std::string::npos);
  other.record.open->order = "https://ca.example.com/order/1";
  CHECK(other.plan().notes.front().find("left to lapse at the issuer: https://ca.example.com/order/1") !=
        std::string::npos);
}

TEST_CASE("what is open and no longer asked for is given up, and nothing is issued that is not needed") {
  Known other(stored(80 * k_day));
  other.open_for({"old.example.com"});
  CHECK(other.plan().cause == IssueCause::none);
  CHECK(other.plan().notes.empty());  // the leftover has a row of its own
}

TEST_CASE("an open request is for its names, key, profile and lifetime, whatever way they are proven") {
  Known known;
  known.open_for({"sip.example.com"});
  CHECK(fits(*known.record.open, known.request));
  auto same = known.request;
  same.issuer.arguments["account_key"] = "file:b.pem";
  CHECK(fits(*known.record.open, same));
  same.store.arguments["keep"] = "5";
  same.store.arguments["public_path"] = "sip/public";
  CHECK(fits(*known.record.open, same));
  for (const auto* who : {"directory", "mount", "role", "issuer_ref", "url", "provisioner", "certificate"}) {
    INFO(who);
    auto other = known.request;
    other.issuer.arguments[who] = "another";
    CHECK_FALSE(fits(*known.record.open, other));
  }
  for (const auto& change : std::vector<std::function<void(IssueRequest&)>>{
           [](auto& r) { r.names.push_back("x.example.com"); }, [](auto& r) { r.key = KeyType::ecdsa_p384; },
           [](auto& r) { r.profile = "short"; }, [](auto& r) { r.lifetime = 24h; },
           [](auto& r) { r.store.arguments["path"] = "other"; }, [](auto& r) { r.issuer.arguments["role"] = "x"; }}) {
    auto other = known.request;
    change(other);
    CHECK_FALSE(fits(*known.record.open, other));
  }
}

TEST_CASE("an issuer that gives less than it was asked for is told by what it gave") {
  const auto ninety = stored(80 * k_day);
  CHECK_FALSE(other_lifetime(std::nullopt, *ninety));
  CHECK_FALSE(other_lifetime(90 * k_day, *ninety));
  CHECK_FALSE(other_lifetime(90 * k_day + 1h, *ninety));
  CHECK_FALSE(other_lifetime(90 * k_day - 1h, *ninety));
  const auto shorter = other_lifetime(365 * k_day, *ninety);
  REQUIRE(shorter);
  CHECK(shorter->words == "it lives 90 days, and 365 days were asked for (lifetime)");
  CHECK_FALSE(shorter->is_longer);
  const auto longer = other_lifetime(7 * k_day, *ninety);
  REQUIRE(longer);
  CHECK(longer->words == "it lives 90 days, and 7 days were asked for (lifetime)");
  CHECK(longer->is_longer);

  Known known(stored(45 * k_day));
  known.request.lifetime = 365 * k_day;
  REQUIRE(known.plan().notes.size() == 1);
  CHECK(known.plan().notes.front().find("365 days were asked for (lifetime)") != std::string::npos);
  known.request.lifetime = 90 * k_day;
  CHECK(known.plan().notes.empty());
}

TEST_CASE("what was signed amiss is asked for again once a day, at once where somebody says so or the block changed") {
  Known known;
  known.record.address = known.request.address;
  const IssueTerms& asked = known.request;
  known.record.amiss = AmissIssue{asked, k_now - 1h, "the issuer signed other names"};
  known.input.record = &known.record;
  const auto held = known.plan();
  CHECK(held.cause == IssueCause::first);
  REQUIRE(held.error);
  CHECK(held.error->detail.find("the issuer signed other names") != std::string::npos);
  known.input.now = k_now + 23h - 1s;
  CHECK(known.plan().error);
  known.input.now = k_now + 23h;
  CHECK_FALSE(known.plan().error);
  known.input.now = k_now;
  known.input.forced = true;
  CHECK_FALSE(known.plan().error);
  known.input.forced = false;
  known.request.names.emplace_back("sip2.example.com");
  CHECK_FALSE(known.plan().error);
}

TEST_CASE("what a store has and does not show is told, and is what -replace replaces") {
  Known known(stored(20 * k_day));
  known.input.store = StoreSight{VersionId{"v2"}};
  CHECK(known.plan().notes.empty());  // somebody was quick, and the run will find it
  known.request.store.arguments["public_path"] = "sip-public";
  auto planned = known.plan();
  CHECK(planned.cause == IssueCause::due);
  CHECK(planned.replaces == VersionId{"v1"});
  CHECK(planned.notes.at(0).starts_with("the store has version v2, and public_path shows version v1"));
  CHECK(planned.notes.at(0).ends_with("another is issued only where it is not what the block asks for"));
  known.input.forced = true;
  planned = known.plan();
  CHECK(planned.replaces == VersionId{"v2"});
  CHECK(planned.notes.at(0).ends_with("it is shown there first, and then replaced"));
  known.input.forced = false;
  known.input.store = StoreSight{VersionId{"v1"}};
  CHECK(known.plan().notes.empty());
  known.input.stored = nullptr;
  known.input.version.reset();
  known.issued_by({"vault_pki", {}});
  CHECK(known.plan().notes.at(0).starts_with("the store has version v1, and public_path shows nothing"));
  // The source shows what the store has lost: nothing is what is replaced.
  known.input.stored = stored(20 * k_day);
  known.input.version = VersionId{"v1"};
  known.issued_by({"vault_pki", {{"mount", "pki"}, {"role", "sip"}}});
  known.input.store = StoreSight{};
  planned = known.plan();
  CHECK(planned.cause == IssueCause::due);
  CHECK_FALSE(planned.replaces);
  CHECK(
      planned.notes.at(0).starts_with("the newest version in the store was deleted, and public_path shows version v1"));
  known.input.stored = nullptr;
  known.input.version.reset();
  known.input.store = StoreSight{VersionId{"v1"}};
  known.open_for({"sip.example.com"});
  CHECK(known.plan().notes.at(0).find("public_path") == std::string::npos);
}

TEST_CASE("a store that shows less than it has is told with nothing to do, too") {
  Known known(stored(80 * k_day));
  known.input.store = StoreSight{VersionId{"v2"}};
  CHECK(known.plan().notes.empty());
  known.request.store.arguments["public_path"] = "sip-public";
  CHECK(known.plan().cause == IssueCause::none);
  CHECK(known.plan().notes.at(0).starts_with("the store has version v2, and public_path shows version v1: bindings"));
}

TEST_CASE("what is shown as a version that was issued, and is another certificate, decides nothing") {
  const auto shown_for = GENERATE(1 * k_day, 300 * k_day);
  Known known(stored(20 * k_day));
  known.issued_by({"vault_pki", {{"mount", "pki"}, {"role", "sip"}}});
  const auto issued = known.input.stored;
  auto forged = std::make_shared<ChainFacts>(*stored(shown_for, 400 * k_day));
  forged->identity.leaf.bytes[0] = 8;
  known.input.stored = forged;
  // Where nobody but the store can write, it is the store that says so.
  CHECK(known.plan().notes.empty());
  known.request.store.arguments["public_path"] = "sip-public";
  const auto planned = known.plan();
  CHECK(planned.cause == IssueCause::due);
  CHECK(planned.before == issued);
  CHECK(planned.notes.at(0).starts_with("public_path shows another certificate (serial 05, until "));
  // Another version, or another place, may well have another certificate.
  known.record.last->store.arguments["path"] = "elsewhere";
  CHECK(known.plan().notes.empty());
  known.record.last->store = known.request.store;
  known.input.version = VersionId{"v2"};
  CHECK(known.plan().notes.empty());
}

TEST_CASE("a key that is gone is an error while nothing is issued, and no reason to issue nothing") {
  Known known(stored(80 * k_day));
  known.input.key_lost = Error(ErrorCode::not_found, "no such file");
  auto planned = known.plan();
  CHECK(planned.cause == IssueCause::none);
  REQUIRE(planned.error);
  CHECK(planned.error->summary == "the store has the certificate, and its key is gone");
  CHECK(planned.error->address == "certificate.issued.sip");
  known.input.stored = stored(20 * k_day);
  planned = known.plan();
  CHECK(planned.cause == IssueCause::due);
  CHECK(planned.issues());
  known.input.forced = true;
  CHECK(known.plan().issues());
}

TEST_CASE("-replace issues whatever is there") {
  Known known(stored(80 * k_day));
  known.input.forced = true;
  CHECK(known.plan().cause == IssueCause::forced);
}

TEST_CASE("what nobody can see is an error, and what may not be written only where something is to be done") {
  Known unreadable;
  unreadable.input.unreadable = Error(ErrorCode::denied, "permission denied");
  CHECK_FALSE(unreadable.plan().issues());
  REQUIRE(unreadable.plan().error);
  CHECK(unreadable.plan().error->address == "certificate.issued.sip");

  Known refused;
  refused.input.refused = Error(ErrorCode::untrusted, "may not be written");
  CHECK_FALSE(refused.plan().issues());
  REQUIRE(refused.plan().error);
  Known idle(stored(80 * k_day));
  idle.input.refused = refused.input.refused;
  CHECK_FALSE(idle.plan().error);
  idle.input.forced = true;
  CHECK(idle.plan().error);
}
