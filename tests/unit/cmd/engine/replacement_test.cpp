// What -replace asks for is done once, however often a run dies before it, and forgotten by nobody but who says so.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "tests/unit/cmd/engine/lab.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace std::chrono_literals;

namespace {

const std::string k_east = "genesys_trunk_certificate.east";
const std::vector<std::string> k_plan = {"plan", "-detailed-exitcode"};

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// Three trunks that have `new`; the same source offers `next`, which is not due.
struct Offered : Scene {
  Offered() {
    record_old();
    SUCCEEDS(run(k_apply));
    auto text = files.read("/conf/main.trunk.json", 1 << 20).value();
    for (auto at = text.find("available"); at != std::string::npos; at = text.find("available"))
      text.replace(at, std::string("available").size(), "due");
    write("main.trunk.json", text);
    make_pair("next", 24h * 92);
    make_pair("before", 24h * 91);
    copy("new", "before");
    copy("next", "new");
    SUCCEEDS(run(k_plan));
  }
  void copy(const std::string& from, const std::string& to) {
    for (const auto* part : {".chain", ".key"}) write(to + part, files.read("/conf/" + from + part, 1 << 20).value());
  }
  /// The run dies with an intent, and before its PATCH.
  Ended die(const std::vector<std::string>& arguments) {
    taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::outcome_unknown, "nobody knows"); };
    auto ended = run(arguments);
    taps = {};
    CHECK(ended.code != 0);
    return ended;
  }
  void ask() { die(with(k_apply, {"-replace=" + k_east})); }
};

}  // namespace

TEST_CASE("what was asked for and cannot be done now stays wanted, also where a run has nothing else to do") {
  Offered scene;
  const auto away = scene.files.read("/conf/new.chain", 1 << 20).value();
  REQUIRE(scene.files.remove("/conf/new.chain"));
  const auto refused = scene.run(with(k_apply, {"-replace=" + k_east}));
  INFO(refused.out << refused.err);
  CHECK(refused.code == 1);
  CHECK(says(refused, "is to be replaced, as -replace asked"));
  CHECK(scene.state().replacements.size() == 1);
  const auto again = scene.run(with(k_apply, {"-replace=" + k_east}));
  CHECK(again.code == 1);
  CHECK_FALSE(says(again, "is to be replaced, as -replace asked"));
  scene.write("new.chain", away);
  SUCCEEDS(scene.run(k_apply));
  CHECK(scene.leaf("east") == scene.leaf_of("new"));
  CHECK(scene.leaf("north") != scene.leaf_of("new"));
  CHECK(scene.state().replacements.empty());
}

TEST_CASE("what was asked for once is done, however often a run dies before its PATCH") {
  Offered scene;
  const auto patches = scene.patches();
  scene.ask();
  const auto plan = scene.run(k_plan);
  CHECK(plan.code == 2);
  CHECK(says(plan, "asked for with -replace on "));
  CHECK(says(plan, "trunkform untaint '" + k_east));
  scene.die(k_apply);
  CHECK(scene.run({"apply", "-input=false"}).code != 0);  // somebody says no
  CHECK(scene.state().open_intents.empty());
  CHECK(scene.state().replacements.size() == 1);
  CHECK(scene.patches() == patches);
  SUCCEEDS(scene.run(k_apply));
  CHECK(scene.patches() == patches + 1);
  CHECK(scene.live("east") == "next");
  CHECK(scene.state().replacements.empty());
  CHECK(scene.run(k_plan).code == 0);
}

TEST_CASE("what was asked for is done by a plan from a file, which asks for it once however often it is applied") {
  Offered scene;
  SUCCEEDS(scene.run({"plan", "-out=p", "-replace=" + k_east}));
  scene.die({"apply", "p"});
  SUCCEEDS(scene.run({"apply", "p"}));
  CHECK(scene.live("east") == "next");
  CHECK(scene.state().replacements.empty());
  const auto patches = scene.patches();
  SUCCEEDS(scene.run({"apply", "p"}));
  CHECK(scene.patches() == patches);
  CHECK(scene.state().replacements.empty());
  const auto events = scene.events();
  CHECK(std::count_if(events.begin(), events.end(),
                      [](const Event& event) { return kind_of(event.body) == "replace_asked"; }) == 1);
  CHECK(scene.run(k_plan).code == 0);
  SUCCEEDS(scene.run(k_apply));
  CHECK(scene.patches() == patches);
}

TEST_CASE("where the source has gone back to what is live, what was asked for waits, and says so") {
  Offered scene;
  scene.ask();
  scene.copy("before", "new");
  SUCCEEDS(scene.run(k_apply));
  const auto plan = scene.run(k_plan);
  CHECK(plan.code == 0);
  CHECK(says(plan, "asked for with -replace on "));
  scene.copy("next", "new");
  SUCCEEDS(scene.run(k_apply));
  CHECK(scene.live("east") == "next");
}

TEST_CASE("where the source does not answer, what was asked for is an error, and not nothing to do") {
  Offered scene;
  scene.ask();
  REQUIRE(scene.files.remove("/conf/new.chain"));
  CHECK(scene.run(k_apply).code == 1);
  CHECK(scene.state().replacements.size() == 1);
}

TEST_CASE("what was asked for is taken back by who says so, moved with its address, and gone with its record") {
  Offered scene;
  scene.ask();
  SECTION("untaint") {
    CHECK(scene.run({"untaint", "genesys_trunk_certificate.west"}).code == 1);
    CHECK(scene.state().replacements.size() == 1);
    SUCCEEDS(scene.run({"untaint", k_east}));
    CHECK(scene.state().replacements.empty());
    const auto patches = scene.patches();
    SUCCEEDS(scene.run(k_apply));
    CHECK(scene.patches() == patches);
    CHECK(scene.run(k_plan).code == 0);
    const auto history = scene.run({"history", k_east});
    CHECK(says(history, "is to be replaced, as -replace asked"));
    CHECK(says(history, "is not to be replaced any more: withdrawn by hand"));
    CHECK(says(scene.run({"untaint", k_east}), "no -replace is waiting"));
  }
  SECTION("state mv") {
    SUCCEEDS(scene.run({"state", "mv", k_east, "genesys_trunk_certificate.other"}));
    REQUIRE(scene.state().replacements.size() == 1);
    CHECK(scene.state().replacements.begin()->first.name == "other");
  }
  SECTION("forget") {
    SUCCEEDS(scene.run({"forget", k_east}));
    CHECK(scene.state().replacements.empty());
  }
  SECTION("destroy") {
    SUCCEEDS(scene.run({"destroy", "-auto-approve"}));
    CHECK(scene.state().replacements.empty());
    CHECK(scene.state().resources.empty());
  }
  SECTION("another certificate is there by now") {
    scene.make_pair("third", 24h * 91);
    scene.bind_by_hand("east", "third");
    SUCCEEDS(scene.run(k_apply));
    CHECK(scene.state().replacements.empty());
  }
}

TEST_CASE("what was asked for waits where it is not selected, and a rollback of another leaves it alone") {
  Offered scene;
  scene.ask();
  SUCCEEDS(scene.run(with(k_apply, {"-target=genesys_trunk_certificate.west"})));
  CHECK(scene.state().replacements.size() == 1);
  SUCCEEDS(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.west"}));
  CHECK(scene.state().replacements.size() == 1);
  SUCCEEDS(scene.run(with(k_apply, {"-exclude=genesys_trunk_certificate.west"})));
  CHECK(scene.live("east") == "next");
}

TEST_CASE("a certificate and its trunk that are to be replaced are, wherever the run is killed") {
  const auto replace = with(k_apply, {"-replace=certificate.issued.sip", "-replace=" + k_east});
  std::size_t steps = 0;
  {
    Lab lab;
    SUCCEEDS(lab.run(k_apply));
    const auto before = lab.files.kernel().faults().sites().size();
    SUCCEEDS(lab.run(replace));
    steps = lab.files.kernel().faults().sites().size() - before;
  }
  REQUIRE(steps > 50);
  std::size_t done = 0;
  for (std::size_t step = 1; step <= steps; step += k_kill_stride) {
    Lab lab;
    SUCCEEDS(lab.run(k_apply));
    const auto first = lab.leaf("east");
    auto& faults = lab.files.kernel().faults();
    faults.fail_at(faults.sites().size() + step, platform::Fault::kill);
    if (lab.run(replace).code != SimulatedProgram::killed) continue;
    INFO(fmt::format("killed at step {} of {}", step, steps));
    // Nothing was issued or bound before the log had what was asked for.
    const auto began = lab.count("replace_asked") == 2;
    if (!began) REQUIRE(lab.count("issue_begun") == 1);
    SUCCEEDS(lab.run(k_apply));
    REQUIRE(lab.run(k_plan).code == 0);
    REQUIRE(lab.leaf("east") == lab.stored_leaf());
    REQUIRE((lab.leaf("east") != first) == began);
    REQUIRE(lab.versions().size() == (began ? 2 : 1));
    REQUIRE(lab.state().replacements.empty());
    if (began) ++done;
  }
  CHECK(done * k_kill_stride > 40);
}

TEST_CASE("an issuer that refuses what is to be replaced is asked again by every run until somebody takes that back") {
  Lab lab;
  SUCCEEDS(lab.run(k_apply));
  const auto first = lab.leaf("east");
  SUCCEEDS(lab.run({"plan", "-out=/conf/p", "-replace=certificate.issued.sip", "-replace=" + k_east}));
  const auto key = lab.files.read("/conf/ca.key", 1 << 20).value();
  REQUIRE(lab.files.remove("/conf/ca.key"));
  CHECK(lab.run({"apply", "/conf/p"}).code == 1);
  CHECK(lab.run(k_plan).code != 0);
  CHECK(lab.leaf("east") == first);
  SECTION("taken back") {
    SUCCEEDS(lab.run({"untaint", "certificate.issued.sip", k_east}));
    lab.write("ca.key", key);
    CHECK(lab.state().replacements.empty());
  }
  SECTION("mended") {
    lab.write("ca.key", key);
    SUCCEEDS(lab.run(k_apply));
    CHECK(lab.leaf("east") != first);
    CHECK(lab.leaf("east") == lab.stored_leaf());
    CHECK(lab.run(k_plan).code == 0);
  }
}

TEST_CASE("a request that was begun for what nobody wants any more is given up, and its key removed") {
  Lab lab;
  SUCCEEDS(lab.run(k_apply));
  const auto first = lab.stored_leaf();
  lab.die_with_a_staged_key(with(k_apply, {"-replace=certificate.issued.sip"}));
  const auto taken_back = lab.run({"untaint", "certificate.issued.sip"});
  SUCCEEDS(taken_back);
  CHECK(says(taken_back, "the request that was begun for it is given up"));
  CHECK_FALSE(lab.has_staged_key());
  SUCCEEDS(lab.run(k_apply));
  CHECK(lab.stored_leaf() == first);
  CHECK(lab.run(k_plan).code == 0);
}

namespace {

std::string key_in(Lab& lab, const std::string& name) {
  const auto text = lab.files.read("/conf/sip/" + name, 1 << 20).value();
  const auto from = text.find("-----BEGIN"), to = text.find("-----END");
  REQUIRE(from != std::string::npos);
  return text.substr(from, to - from);
}

/// A renewal is due, and its run dies when its key is staged.
std::unique_ptr<Lab> with_a_staged_key(const std::string& more) {
  auto lab = std::make_unique<Lab>();
  lab->configure_issued(R"("sip.example.com")", more);
  SUCCEEDS(lab->run(k_apply));
  lab->die_with_a_staged_key(k_apply, 24h * 46);
  REQUIRE(lab->versions().size() == 1);
  return lab;
}

}  // namespace

TEST_CASE("a key that was staged before somebody asked for another certificate is not the one that is signed") {
  const bool is_asked = GENERATE(true, false);
  const auto lab = with_a_staged_key("");
  const auto staged = key_in(*lab, "pending.pem");
  const auto arguments = is_asked ? with(k_apply, {"-replace=certificate.issued.sip"}) : k_apply;
  const auto applied = lab->run(arguments);
  INFO(applied.out << applied.err);
  SUCCEEDS(applied);
  CHECK((key_in(*lab, "live/key.pem") == staged) != is_asked);
  CHECK(says(applied, "has a key from before what is to be replaced was known: it is given up") == is_asked);
  CHECK_FALSE(lab->has_staged_key());
  CHECK(lab->state().replacements.empty());
}

TEST_CASE("a run that died over a wish is gone on with, also by who asks again") {
  const bool asks_again = GENERATE(true, false);
  Lab lab;
  SUCCEEDS(lab.run(k_apply));
  const auto replace = with(k_apply, {"-replace=certificate.issued.sip"});
  lab.die_with_a_staged_key(replace);
  const auto staged = key_in(lab, "pending.pem");
  SUCCEEDS(lab.run(asks_again ? replace : k_apply));
  CHECK(key_in(lab, "live/key.pem") == staged);
  CHECK(lab.count("issue_begun") == 2);
}

TEST_CASE("a key that is known to others is not signed again, though a request for it was begun") {
  const auto lab = with_a_staged_key(R"(, "reuse_key": true)");
  const auto known = key_in(*lab, "live/key.pem");
  REQUIRE(key_in(*lab, "pending.pem") == known);
  std::vector<std::string> arguments = k_apply;
  SECTION("-replace alone uses it again, as the block says") {
    SUCCEEDS(lab->run(with(k_apply, {"-replace=certificate.issued.sip"})));
    CHECK(key_in(*lab, "live/key.pem") == known);
    return;
  }
  SECTION("replace_compromised") { lab->edit(R"("rotate": {)", R"("replace_compromised": true, "rotate": {)"); }
  SECTION("the block says so no more") { lab->edit(R"(, "reuse_key": true)", ""); }
  const auto applied = lab->run(arguments);
  INFO(applied.out << applied.err);
  CHECK(key_in(*lab, "live/key.pem") != known);
  CHECK_FALSE(lab->has_staged_key());
}
