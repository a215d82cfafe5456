// A certificate that is issued on the way: whatever kills a run, there is one certificate, its key is in the store, and
// nothing is ordered twice.
#include <algorithm>

#include <fmt/format.h>

#include "tests/unit/cmd/engine/lab.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace std::chrono_literals;

TEST_CASE("what is issued is kept in the store, bound, and recorded") {
  Lab lab;
  const auto planned = lab.run({"plan", "-detailed-exitcode"});
  CHECK(planned.code == 2);
  CHECK(says(planned, "certificate.issued.sip will be issued"));
  CHECK(says(planned, "(known after apply)"));
  CHECK(lab.versions().empty());
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  CHECK(lab.versions().size() == 1);
  CHECK(lab.leaf("east") == lab.stored_leaf());
  CHECK(lab.patches() == 1);
  CHECK_FALSE(lab.has_staged_key());
  const auto state = lab.state();
  REQUIRE(state.issues.size() == 1);
  const auto& issue = state.issues.at("certificate.issued.sip");
  CHECK_FALSE(issue.open);
  REQUIRE(issue.last);
  CHECK(to_short(issue.last->chain->identity.leaf) == lab.stored_leaf());
  CHECK(lab.run({"plan", "-detailed-exitcode"}).code == 0);
}

TEST_CASE("a certificate is renewed half as early again as its binding needs it, and bound when that is due") {
  Lab lab;
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  const auto first = lab.stored_leaf();
  // 90 days: a binding is due when 30 are left, and its certificate when 45 are.
  lab.clock.advance(24h * 44);
  CHECK(lab.run({"plan", "-detailed-exitcode"}).code == 0);
  lab.clock.advance(24h * 2);
  const auto renews = lab.run({"apply", "-auto-approve"});
  SUCCEEDS(renews);
  CHECK(says(renews, "certificate.issued.sip will be renewed"));
  CHECK(lab.stored_leaf() != first);
  CHECK(lab.leaf("east") == first);
  CHECK(lab.run({"plan", "-detailed-exitcode"}).code == 0);
  lab.clock.advance(24h * 15);
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  CHECK(lab.leaf("east") == lab.stored_leaf());
  CHECK(lab.count("issue_begun") == 2);
  CHECK(lab.patches() == 2);
}

TEST_CASE("a run that is killed at any step of issuing ends with one certificate, whose key is in the store") {
  std::size_t steps = 0;
  {
    Lab lab;
    const auto before = lab.files.kernel().faults().sites().size();
    SUCCEEDS(lab.run(k_apply));
    steps = lab.files.kernel().faults().sites().size() - before;
  }
  REQUIRE(steps > 50);
  std::size_t killed = 0, resumed = 0;
  for (const auto after : {SimulatedProgram::AfterKill::restart, SimulatedProgram::AfterKill::power_cut}) {
    for (std::size_t step = 1; step <= steps; step += k_kill_stride) {
      Lab lab;
      lab.after_kill = after;
      auto& faults = lab.files.kernel().faults();
      const auto at = faults.sites().size() + step;
      faults.fail_at(at, platform::Fault::kill);
      const auto ended = lab.run(k_apply);
      if (ended.code != SimulatedProgram::killed) continue;
      ++killed;
      INFO(fmt::format("killed at step {} of {}", step, steps));
      const auto again = lab.run(k_apply);
      INFO(again.out << again.err);
      REQUIRE(again.code == 0);
      REQUIRE(lab.versions().size() == 1);
      REQUIRE(lab.leaf("east") == lab.stored_leaf());
      REQUIRE(lab.count("issue_begun") == 1);
      REQUIRE_FALSE(lab.has_staged_key());
      REQUIRE_FALSE(lab.state().issues.at("certificate.issued.sip").open);
      REQUIRE(lab.run({"plan", "-detailed-exitcode"}).code == 0);
      if (says(again, "is gone on with")) ++resumed;
    }
  }
  CHECK(killed * k_kill_stride > 60);
  CHECK(resumed * k_kill_stride > 10);
}

TEST_CASE("a reviewed plan finds what was issued since, and what is asked for: it binds that and issues nothing") {
  Lab lab;
  SUCCEEDS(lab.run({"plan", "-out=/conf/this.trunkplan"}));
  SUCCEEDS(lab.run({"apply", "-auto-approve", "-target=certificate.issued.sip"}));
  REQUIRE(lab.versions().size() == 1);
  const auto first = lab.stored_leaf();
  const auto applied = lab.run({"apply", "/conf/this.trunkplan"});
  SUCCEEDS(applied);
  CHECK(says(applied, "in the store already"));
  CHECK(lab.versions().size() == 1);
  CHECK(lab.stored_leaf() == first);
  CHECK(lab.leaf("east") == first);
  CHECK(lab.count("issue_begun") == 1);
}

TEST_CASE("two runs under two states and one store that compares and swaps: one certificate") {
  Lab lab;
  SUCCEEDS(lab.run({"workspace", "new", "other"}));
  SUCCEEDS(lab.run({"workspace", "select", "default"}));
  SUCCEEDS(lab.run({"plan", "-out=/conf/this.trunkplan"}));
  // Between this state's plan and its apply a run under another state issues into the same store.
  lab.environment.variables["TRUNKFORM_WORKSPACE"] = "other";
  SUCCEEDS(lab.run({"apply", "-auto-approve", "-target=certificate.issued.sip"}));
  lab.environment.variables.erase("TRUNKFORM_WORKSPACE");
  REQUIRE(lab.versions().size() == 1);
  const auto first = lab.stored_leaf();
  REQUIRE(lab.count("issue_begun") == 0);
  const auto applied = lab.run({"apply", "/conf/this.trunkplan"});
  SUCCEEDS(applied);
  CHECK(says(applied, "in the store already"));
  CHECK(lab.versions().size() == 1);
  CHECK(lab.stored_leaf() == first);
  CHECK(lab.leaf("east") == first);
  CHECK(lab.count("issue_begun") == 0);
  CHECK(lab.run({"plan", "-detailed-exitcode"}).code == 0);
}

TEST_CASE("a key that another run has staged is left to it for a day") {
  Lab lab;
  const auto staged = fmt::format("request: 11111111-1111-4111-8111-111111111111\nsince: {}\n{}",
                                  to_rfc3339(lab.clock.now()), lab.family().leaf.key.text());
  REQUIRE(lab.files.create_directories("/conf/sip"));
  lab.write("sip/pending.pem", staged);
  const auto beside = lab.run({"apply", "-auto-approve"});
  CHECK(beside.code == 1);
  CHECK(says(beside, "another run is issuing this certificate"));
  CHECK(lab.versions().empty());
  CHECK(lab.patches() == 0);
  CHECK(lab.files.read("/conf/sip/pending.pem", 1 << 20).value() == staged);
  lab.clock.advance(25h);
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  CHECK(lab.versions().size() == 1);
  CHECK(lab.leaf("east") == lab.stored_leaf());
}

TEST_CASE("a request that is open and no longer what the block asks for is given up") {
  Lab lab;
  lab.die_with_a_staged_key({"apply", "-auto-approve", "-parallelism=1"});
  REQUIRE(lab.has_staged_key());
  lab.configure_issued(R"("sip.example.com", "sip2.example.com")");
  const auto again = lab.run(k_apply);
  SUCCEEDS(again);
  CHECK(says(again, "was for something else"));
  CHECK(lab.versions().size() == 1);
  CHECK(lab.count("issue_begun") == 2);
  CHECK_FALSE(lab.has_staged_key());
  const auto chain = lab.facts.chain_of_pem(lab.files.read("/conf/sip/live/chain.pem", 1 << 20).value()).value();
  CHECK(chain->leaf().names.size() == 2);
}

TEST_CASE("a key goes with its certificate when that is revoked, whatever reuse_key says") {
  const bool is_forced = GENERATE(false, true);
  const bool by_key = GENERATE(false, true);  // another certificate with this key was revoked, which is known to others
  Lab lab;
  lab.configure_issued(R"("sip.example.com")", R"(, "reuse_key": true)");
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  const auto key_in_store = [&] { return lab.files.read("/conf/sip/live/key.pem", 1 << 20).value(); };
  const auto first = key_in_store();
  SUCCEEDS(lab.run({"apply", "-auto-approve", "-replace=certificate.issued.sip"}));
  REQUIRE(key_in_store() == first);
  auto document = lab.run({"state", "pull"}).out;
  const auto chain = lab.facts.chain_of_pem(lab.files.read("/conf/sip/live/chain.pem", 1 << 20).value()).value();
  const auto revoked = by_key ? chain->leaf().key.spki : chain->identity.leaf;
  document.insert(document.find("\"resources\""), fmt::format("\"revoked\": [\"{}\"], ", to_hex(revoked)));
  lab.write("pushed.json", document);
  SUCCEEDS(lab.run({"state", "push", "-force", "pushed.json"}));
  auto words = std::vector<std::string>{"apply", "-auto-approve"};
  if (is_forced) words.emplace_back("-replace=certificate.issued.sip");
  const auto again = lab.run(words);
  SUCCEEDS(again);
  CHECK(says(again, "a key is made in spite of reuse_key"));
  CHECK(key_in_store() != first);
}

TEST_CASE("what was revoked from here is bound by nobody again, and takes the place of no other reason to issue") {
  Lab lab;
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  const auto first = lab.state().resources.at(Scene::address("east")).chain->identity.leaf;
  SUCCEEDS(lab.run(
      {"apply", "-auto-approve", "-replace=certificate.issued.sip", "-replace=genesys_trunk_certificate.east"}));
  const auto second = lab.state().resources.at(Scene::address("east")).chain->identity.leaf;
  REQUIRE(first != second);
  const auto revoke = [&](const Fingerprint& leaf) {
    auto document = lab.run({"state", "pull"}).out;
    const auto at = document.find("\"resources\"");
    REQUIRE(at != std::string::npos);
    document.insert(at, fmt::format("\"revoked\": [\"{}\"], ", to_hex(leaf)));
    lab.write("pushed.json", document);
    SUCCEEDS(lab.run({"state", "push", "-force", "pushed.json"}));
    REQUIRE(lab.state().revoked.contains(leaf));
  };
  SECTION("the one before: nothing goes back to it") {
    revoke(first);
    const auto back = lab.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"});
    INFO(back.out << back.err);
    CHECK(back.code != 0);
    CHECK(says(back, "revoked"));
    CHECK(lab.leaf("east") == to_short(second));
    CHECK(lab.run({"plan", "-detailed-exitcode"}).code == 0);
  }
  SECTION("the one that the store has: another is issued, and bound, though neither is due") {
    revoke(second);
    const auto again = lab.run({"apply", "-auto-approve"});
    INFO(again.out << again.err);
    CHECK(again.code == 0);
    CHECK(lab.versions().size() == 3);
    CHECK(lab.stored_leaf() != to_short(second));
    CHECK(lab.leaf("east") == lab.stored_leaf());
    CHECK(lab.run({"plan", "-detailed-exitcode"}).code == 0);
    CHECK(lab.state().revoked.contains(second));
  }
}

TEST_CASE("a key that is gone from the store is told by plan and doctor, and another is made by whoever says so") {
  Lab lab;
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  REQUIRE(lab.files.remove("/conf/sip/live/key.pem"));
  const auto planned = lab.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(planned.code == 1);
  CHECK(says(planned, "the store has the certificate, and its key is gone"));
  CHECK(says(planned, "trunkform apply -replace=certificate.issued.sip"));
  const auto examined = lab.run({"doctor"});
  CHECK(examined.code == 1);
  CHECK(says(examined, "what the store has is without its key"));
  lab.configure_issued(R"("sip.example.com")", R"(, "reuse_key": true)");
  const auto ended = lab.run({"apply", "-auto-approve", "-replace=certificate.issued.sip"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(says(ended, "a key is made in spite of reuse_key"));
  CHECK(lab.versions().size() == 2);
  CHECK(lab.run({"plan", "-detailed-exitcode"}).code == 0);
}

TEST_CASE("what says which version is live is gone: nothing is issued in its place") {
  Lab lab;
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  REQUIRE(lab.files.remove("/conf/sip/live"));
  for (const auto* command : {"plan", "apply"}) {
    const auto ended = lab.run({command, "-input=false"});
    INFO(ended.out << ended.err);
    CHECK(ended.code == 1);
    CHECK(says(ended, "does not say which version is live"));
    CHECK(says(ended, "ln -sfn versions/000001 /conf/sip/live"));
    CHECK_FALSE(says(ended, "gone there, with its key"));
  }
  CHECK(lab.versions().size() == 1);
}

TEST_CASE("what cannot be read any more in the store is replaced by whoever says so") {
  Lab lab;
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  lab.write("sip/versions/000001/chain.pem", "no certificate");
  const auto planned = lab.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(planned.code == 1);
  CHECK(says(planned, "trunkform apply -replace=certificate.issued.sip"));
  const auto ended = lab.run({"apply", "-auto-approve", "-replace=certificate.issued.sip"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(lab.versions().size() == 2);
  CHECK(lab.run({"plan", "-detailed-exitcode"}).code == 0);
}

namespace {

/// `versions/2` is in the store and the trunk has the first; both are due.
void fall_behind(Lab& lab) {
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  lab.clock.advance(24h * 46);
  SUCCEEDS(lab.run({"apply", "-auto-approve"}));
  REQUIRE(lab.versions().size() == 2);
  REQUIRE(lab.leaf("east") != lab.stored_leaf());
}

}  // namespace

TEST_CASE(
    "where the issuer gives nothing, what the plan showed of the store is bound meanwhile, and the plan holds on") {
  Lab lab;
  fall_behind(lab);
  lab.clock.advance(24h * 45);
  const auto stored = lab.stored_leaf();
  const auto plan = lab.run({"plan", "-out=/conf/this.trunkplan"});
  SUCCEEDS(plan);
  CHECK(says(plan, "else      " + stored + " of the store"));
  CHECK(says(lab.run({"show", "-json", "/conf/this.trunkplan"}), R"("meanwhile":{)"));
  const auto key = lab.files.read("/conf/ca.key", 1 << 20).value();
  REQUIRE(lab.files.remove("/conf/ca.key"));
  CHECK(lab.run({"apply", "/conf/this.trunkplan"}).code == 1);
  CHECK(lab.leaf("east") == stored);
  lab.write("ca.key", key);
  SUCCEEDS(lab.run({"apply", "/conf/this.trunkplan"}));
  CHECK(lab.stored_leaf() != stored);
  CHECK(lab.leaf("east") == lab.stored_leaf());
}

TEST_CASE("what is issued at last is held against what was bound meanwhile, not against what the plan saw") {
  Lab lab;
  fall_behind(lab);
  lab.clock.advance(24h * 45);
  SUCCEEDS(lab.run({"plan", "-out=/conf/this.trunkplan"}));
  const auto key = lab.files.read("/conf/ca.key", 1 << 20).value();
  REQUIRE(lab.files.remove("/conf/ca.key"));
  REQUIRE(lab.run({"apply", "/conf/this.trunkplan"}).code == 1);
  const auto meanwhile = lab.leaf("east");
  REQUIRE(meanwhile == lab.stored_leaf());
  // By now the authority itself ends before what is live does, and after what was live when the plan was made.
  auto sooner = intermediate_request(lab.clock.now());
  sooner.not_after = lab.clock.now() + 24h * 20;
  lab.write("ca.pem", make(sooner, lab.family().root, lab.family().intermediate.key).pem);
  lab.write("ca.key", key);
  const auto applied = lab.run({"apply", "/conf/this.trunkplan"});
  INFO(applied.out << applied.err);
  CHECK(applied.code == 1);
  CHECK(says(applied, "older_than_live: what was issued ends before what is live does"));
  CHECK(lab.leaf("east") == meanwhile);
}

TEST_CASE("what is to be replaced is never replaced by what no plan showed") {
  Lab lab;
  fall_behind(lab);
  const auto live = lab.leaf("east");
  std::vector<std::string> arguments{"plan", "-out=/conf/this.trunkplan", "-replace=certificate.issued.sip"};
  SECTION("the trunk's certificate as well") { arguments.emplace_back("-replace=genesys_trunk_certificate.east"); }
  SECTION("the issued one alone, while the trunk is due") { lab.clock.advance(24h * 16); }
  const auto plan = lab.run(arguments);
  SUCCEEDS(plan);
  CHECK(says(plan, "(known after apply)"));
  CHECK_FALSE(says(plan, "of the store"));
  const auto key = lab.files.read("/conf/ca.key", 1 << 20).value();
  REQUIRE(lab.files.remove("/conf/ca.key"));
  const auto refused = lab.run({"apply", "/conf/this.trunkplan"});
  CHECK(refused.code == 1);
  CHECK(says(refused, "could not be issued"));
  CHECK(lab.leaf("east") == live);
  lab.write("ca.key", key);
  SUCCEEDS(lab.run({"apply", "/conf/this.trunkplan"}));
  CHECK(lab.leaf("east") == lab.stored_leaf());
}

TEST_CASE("what is to go is not bound meanwhile either where a request for it had been begun for another reason") {
  for (const bool is_replaced : {true, false}) {
    INFO((is_replaced ? "-replace" : "only due"));
    // Killed when the request is in the log, and nothing is signed.
    for (std::size_t step = 1;; step += 4) {
      REQUIRE(step < 1000);
      Lab lab;
      fall_behind(lab);
      lab.clock.advance(24h * 45);
      const auto live = lab.leaf("east");
      const auto stored = lab.stored_leaf();
      auto& faults = lab.files.kernel().faults();
      faults.fail_at(faults.sites().size() + step, platform::Fault::kill);
      REQUIRE(lab.run(k_apply).code == SimulatedProgram::killed);
      if (lab.count("issue_begun") < 3) continue;
      REQUIRE(lab.stored_leaf() == stored);
      REQUIRE(lab.files.remove("/conf/ca.key"));
      std::vector<std::string> arguments{"apply", "-auto-approve"};
      if (is_replaced) arguments.emplace_back("-replace=certificate.issued.sip");
      const auto ended = lab.run(arguments);
      INFO(ended.out << ended.err);
      CHECK(ended.code == 1);
      CHECK(lab.leaf("east") == (is_replaced ? live : stored));
      break;
    }
  }
}

TEST_CASE("a plan of a part clears nothing away that it does not show, also where it is saved first") {
  const bool is_partial = GENERATE(true, false);
  Lab lab;
  lab.die_with_a_staged_key({"apply", "-auto-approve", "-parallelism=1"});
  lab.configure({"east"}, "old");
  std::vector<std::string> arguments{"plan", "-out=/conf/p"};
  if (is_partial) arguments.emplace_back("-target=genesys_trunk_certificate.east");
  const auto planned = lab.run(arguments);
  INFO(planned.out << planned.err);
  REQUIRE(planned.code == 0);
  const auto applied = lab.run({"apply", "/conf/p"});
  INFO(applied.out << applied.err);
  CHECK(applied.code == 0);
  CHECK(says(planned, "certificate.issued.sip") != is_partial);
  CHECK(lab.has_staged_key() == is_partial);
  CHECK(lab.state().issues.contains("certificate.issued.sip") == is_partial);
}
