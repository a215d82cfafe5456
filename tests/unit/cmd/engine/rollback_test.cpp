// Going back, by a run or by hand: what it records when it cannot, and what it does not take for a reason.
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

constexpr const char* k_stay = R"("canary": 1, "stagger": "0s", "soak": "0s", "on_failure": "stop")";
constexpr const char* k_go_back = R"("canary": 1, "stagger": "0s", "soak": "0s", "on_failure": "rollback")";

/// `new` is on `east`, recorded, and the one that it replaced can be bound again.
void bind_new(Scene& scene) {
  scene.record_old();
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  REQUIRE(scene.live("east") == "new");
}

Ended roll_back_east(Scene& scene) {
  return scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"});
}

void nothing_answers(Scene& scene) {
  scene.tls.answer = [](const TlsProbePolicy&) -> Result<std::vector<ServedChain>> {
    return Error(ErrorCode::unavailable, "no route to the port");
  };
}

const ResourceRecord& east(const StateDocument& document) { return document.resources.at(Scene::address("east")); }

}  // namespace

TEST_CASE("a rollback by hand that the service refuses leaves a healthy trunk healthy") {
  Scene scene;
  bind_new(scene);
  scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::rejected, "the service says no"); };
  const auto ended = roll_back_east(scene);
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "cannot be rolled back"));
  CHECK(says(ended, "the service says no"));
  CHECK_FALSE(east(scene.state()).failure);
  CHECK(scene.outcomes("east").back() == OutcomeKind::not_committed);
  scene.taps.refuse_bind = {};
  CHECK(scene.run({"plan", "-detailed-exitcode"}).code == 0);
  CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
  CHECK(scene.live("east") == "new");
}

TEST_CASE("a rollback by hand that has nothing to go back to asks nobody and writes nothing") {
  Scene scene;
  bind_new(scene);
  REQUIRE(scene.files.remove("/conf/old.key"));
  const auto before = scene.outcomes("east").size();
  const auto ended = scene.run({"rollback", "genesys_trunk_certificate.east"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "old.key"));
  CHECK_FALSE(says(ended, "goes back"));
  CHECK_FALSE(east(scene.state()).failure);
  CHECK(scene.outcomes("east").size() == before);
  CHECK(scene.run({"plan", "-detailed-exitcode"}).code == 0);
}

TEST_CASE("an earlier certificate that a rule keeps from the trunk by now is no way back") {
  Scene scene;
  bind_new(scene);
  // The carrier trusts somebody else by now.
  auto request = root_request(scene.clock.now());
  request.common_name = "Another Root";
  scene.write("root.pem", make_root(request).pem);
  const auto patches = scene.patches();
  const auto ended = roll_back_east(scene);
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "keeps this certificate from the trunk"));
  CHECK(scene.patches() == patches);
  CHECK(scene.live("east") == "new");
}

TEST_CASE("what failed before and cannot be looked at now is not taken off; only what is seen to be wrong goes back") {
  Scene scene;
  scene.record_old(Scene::k_probing, k_stay);
  scene.serve("old");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code != 0);
  REQUIRE(east(scene.state()).failure);
  scene.configure({"east", "north", "west"}, "new", Scene::k_probing, k_go_back);
  nothing_answers(scene);
  const auto unclear = scene.run({"apply", "-auto-approve"});
  INFO(unclear.out << unclear.err);
  CHECK(unclear.code != 0);
  CHECK(says(unclear, "failed its verification, and is still bound"));
  CHECK(scene.live("east") == "new");
  CHECK(scene.live("north") == "old");
  CHECK(east(scene.state()).failure);
  SECTION("still wrong") {
    scene.serve("old");
    const auto wrong = scene.run({"apply", "-auto-approve"});
    INFO(wrong.out << wrong.err);
    CHECK(scene.live("east") == "old");
    CHECK(scene.outcomes("east").back() == OutcomeKind::rolled_back);
  }
  SECTION("right by now") {
    scene.serve("new");
    CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
    CHECK(scene.live("east") == "new");
    CHECK_FALSE(east(scene.state()).failure);
  }
}

TEST_CASE("what failed and is bound still is told also where the earlier files were put back") {
  Scene scene;
  scene.record_old(Scene::k_probing, k_stay);
  scene.serve("old");
  REQUIRE(scene.run({"apply", "-auto-approve"}).code != 0);
  REQUIRE(scene.live("east") == "new");
  scene.configure({"east", "north", "west"}, "new", Scene::k_probing, k_stay);
  for (const auto* end : {".chain", ".key"})
    scene.write(std::string("new") + end, scene.files.read(std::string("/conf/old") + end, 1 << 20).value());
  const auto planned = scene.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(planned.code == 1);
  CHECK(says(planned, "failed its verification, and is still bound"));
  CHECK(says(planned, "trunkform rollback 'genesys_trunk_certificate.east'"));
  CHECK(says(planned, "ends before the live one"));
}

TEST_CASE("a failure that cannot be rolled back is told as it was, however often that is tried") {
  Scene scene;
  scene.record_old(Scene::k_probing, k_go_back);
  scene.serve("old");
  int binds = 0;
  scene.taps.refuse_bind = [&](const TrunkId&) -> std::optional<Error> {
    if (++binds == 1) return std::nullopt;
    return Error(ErrorCode::rejected, "the service says no");
  };
  const auto first = scene.run({"apply", "-auto-approve"});
  INFO(first.out << first.err);
  REQUIRE(east(scene.state()).failure);
  const auto told = *east(scene.state()).failure;
  CHECK(told.reason.find("the service says no") == std::string::npos);
  CHECK(told.reason.find("the check on the wire failed") != std::string::npos);
  for (int i = 0; i < 2; ++i) {
    const auto again = scene.run({"apply", "-auto-approve"});
    INFO(again.out << again.err);
    CHECK(again.code != 0);
    CHECK(says(again, "it could not be rolled back; the new certificate is still bound"));
    CHECK(says(again, "the service says no"));
    REQUIRE(east(scene.state()).failure);
    CHECK(east(scene.state()).failure->reason == told.reason);
    CHECK(east(scene.state()).failure->since == told.since);
  }
  CHECK(binds == 4);
  SECTION("an apply of another trunk is not spoilt by it, and does not touch it") {
    scene.make_pair("other", std::chrono::hours(24 * 91));
    scene.configure({"east", "north", "west"}, "other", Scene::k_probing, k_go_back);
    scene.serve("other");
    const auto ended = scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.north"});
    INFO(ended.out << ended.err);
    CHECK(scene.live("east") == "new");
    CHECK_FALSE(says(ended, "is to be rolled back"));
  }
}

TEST_CASE(
    "a certificate that the wire does not show is rolled back, quarantined, and not bound again by the same plan") {
  Scene scene;
  scene.record_old(Scene::k_probing);
  scene.serve("old");
  REQUIRE(scene.run({"plan", "-out=p"}).code == 0);
  const auto ended = scene.run({"apply", "p"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.live("east") == "old");
  CHECK(scene.patches() == 2);
  const auto record = scene.state().resources.at(Scene::address("east"));
  CHECK(to_short(record.chain->identity.leaf) == scene.leaf_of("old"));
  REQUIRE(record.quarantine);
  CHECK(to_short(record.quarantine->identity.leaf) == scene.leaf_of("new"));
  CHECK(record.history.empty());
  CHECK(scene.outcomes("east") == std::vector{OutcomeKind::failed, OutcomeKind::rolled_back});

  const auto again = scene.run({"apply", "p"});
  INFO(again.out << again.err);
  CHECK(again.err.find("quarantined") != std::string::npos);
  CHECK(scene.live("east") == "old");
  scene.serve("new");
  const auto retried = scene.run({"apply", "-retry", "p"});
  INFO(retried.out << retried.err);
  CHECK(scene.live("east") == "new");
}

TEST_CASE("a rollback whose PATCH is refused says what is still bound, and so does the state") {
  Scene scene;
  scene.record_old(Scene::k_probing);
  scene.serve("old");
  scene.taps.refuse_bind = [&, binds = 0](const TrunkId&) mutable -> std::optional<Error> {
    if (++binds == 2) return Error(ErrorCode::rejected, "not today");
    return std::nullopt;
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.err.find("could not be rolled back") != std::string::npos);
  CHECK(scene.live("east") == "new");
  CHECK(scene.leaf("east") == scene.leaf_of("new"));
  CHECK(scene.state().open_intents.empty());
  CHECK(scene.state().resources.at(Scene::address("east")).history.size() == 1);
}

TEST_CASE("a run that ends between the intent to go back and its PATCH leaves a state that knows what is bound") {
  Scene scene;
  scene.record_old(Scene::k_probing);
  scene.serve("old");
  scene.taps.refuse_bind = [&, binds = 0](const TrunkId&) mutable -> std::optional<Error> {
    if (++binds == 2) return Error(ErrorCode::outcome_unknown, "as if it had ended here");
    return std::nullopt;
  };
  CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
  CHECK(scene.leaf("east") == scene.leaf_of("new"));
  const auto open = scene.state().open_intents.size();
  CHECK(open == 1);
  scene.taps = {};
  // The next run finishes what was decided, and then tries the others as ever.
  CHECK(scene.run({"apply", "-auto-approve"}).code == 6);
  CHECK(scene.live("east") == "old");
  CHECK(scene.leaf("east") == scene.leaf_of("old"));
  CHECK(scene.outcomes("east") == std::vector{OutcomeKind::failed, OutcomeKind::rolled_back});
  CHECK(scene.state().open_intents.empty());
}

TEST_CASE("a service that shows late what was there before both PATCHes is nobody else") {
  Scene scene;
  scene.record_old();
  scene.make_pair("stranger");
  scene.bind_by_hand("east", "stranger");
  scene.clock.advance(std::chrono::minutes(20));
  scene.turn(R"({"read_lag":"15m"})");
  const auto ended = scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"});
  INFO(ended.out << ended.err);
  CHECK(ended.code != 0);
  CHECK(scene.live("east") == "old");
  CHECK(scene.state().open_intents.size() == 1);
  scene.clock.advance(std::chrono::minutes(20));
  (void)scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"});
  CHECK(scene.outcomes("east").back() == OutcomeKind::rolled_back);
  CHECK(scene.leaf("east") == scene.leaf_of("old"));
}

TEST_CASE("nobody else's certificate is rolled back over") {
  Scene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "10m")");
  scene.make_pair("stranger");
  scene.serve("new");
  const auto serve_new = scene.tls.answer;
  scene.serve("stranger");
  const auto serve_stranger = scene.tls.answer;
  const auto begun = scene.clock.now();
  scene.tls.answer = [&, done = false](const TlsProbePolicy& policy) mutable {
    // At the end of the soak somebody has been there.
    if (scene.clock.now() - begun < std::chrono::minutes(10)) return serve_new(policy);
    if (!done) scene.bind_by_hand("east", "stranger");
    done = true;
    return serve_stranger(policy);
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code != 0);
  CHECK(scene.live("east") == "stranger");
  CHECK(scene.patches() == 1);
  CHECK(scene.outcomes("east").back() == OutcomeKind::foreign);
}

TEST_CASE("an earlier certificate that has ended is no way back") {
  Scene scene;
  scene.make_pair("old", std::chrono::hours(24 * 61));
  scene.record_old(Scene::k_probing);
  scene.clock.advance(std::chrono::hours(24 * 61));
  scene.serve("old");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.err.find("no earlier certificate that is still valid is recorded") != std::string::npos);
  CHECK(scene.live("east") == "new");
}

TEST_CASE("an earlier certificate that was put back as another version is the way back") {
  Scene scene;
  bind_new(scene);
  const auto old = scene.files.read("/conf/old.chain", 1 << 20).value();
  REQUIRE(scene.files.remove("/conf/old.chain"));
  const auto gone = roll_back_east(scene);
  CHECK(gone.code == 1);
  CHECK(says(gone, "no_way_back"));
  CHECK(says(gone, "trunkform apply -replace=genesys_trunk_certificate.east"));
  scene.write("old.chain", old + scene.family().root.pem);
  SUCCEEDS(roll_back_east(scene));
  CHECK(scene.live("east") == "old");
}

TEST_CASE("where the source lost the newest earlier certificate, the one before it is the way back") {
  Scene scene;
  scene.record_old();
  scene.make_pair("middle", std::chrono::hours(24 * 92));
  scene.configure({"east", "north", "west"}, "middle");
  SUCCEEDS(scene.run({"apply", "-auto-approve"}));
  scene.make_pair("next", std::chrono::hours(24 * 93));
  scene.configure({"east", "north", "west"}, "next", Scene::k_probing);
  REQUIRE(scene.files.remove("/conf/middle.chain"));
  scene.serve("old");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  CHECK(scene.live("east") == "old");
}

TEST_CASE("who lost the lock before a rollback changes nothing more, and says that it was the lock") {
  Scene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "10m")");
  scene.serve("old");
  const auto wrong = scene.tls.answer;
  scene.serve("new");
  std::uint64_t reads = 0;
  scene.tls.answer = [&, begun = scene.clock.now(), right = scene.tls.answer,
                      lost = false](const TlsProbePolicy& policy) mutable {
    if (scene.clock.now() - begun < std::chrono::minutes(10)) return right(policy);
    if (!std::exchange(lost, true)) REQUIRE(scene.files.remove("/conf/.trunkform.lock"));
    reads = scene.requests("GET", "east");
    return wrong(policy);
  };
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(says(ended, "this run no longer holds the lock"));
  CHECK(scene.patches() == 1);
  // Whose certificate failed is asked, and asked again before it would be taken off; then the lock is missed.
  CHECK(scene.requests("GET", "east") == reads + 2);
}

TEST_CASE("what is bound is no way back, however often it was bound before, and the quarantine stays") {
  Scene scene;
  scene.record_old();
  for (const auto* pair : {"new", "old", "new"}) {
    scene.configure({"east", "north", "west"}, pair);
    const auto applied = scene.run({"apply", "-auto-approve", "-replace=genesys_trunk_certificate.east"});
    INFO(applied.out << applied.err);
    REQUIRE(scene.live("east") == pair);
  }
  SUCCEEDS(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"}));
  REQUIRE(scene.live("east") == "old");
  const auto patches = scene.patches();
  const auto again = scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"});
  INFO(again.out << again.err);
  CHECK(again.code == 1);
  CHECK(says(again, "no_way_back"));
  CHECK(scene.patches() == patches);
  CHECK(scene.state().resources.at(Scene::address("east")).quarantine);
}

TEST_CASE("what somebody took off one trunk is not tried on the others of its carrier, which is said at once and why") {
  Scene scene;
  const bool goes_on = GENERATE(false, true);
  scene.record_old(
      "", goes_on ? R"("canary": 0, "stagger": "0s", "soak": "0s", "on_failure": "continue")" : Scene::k_at_once);
  REQUIRE(scene.run({"apply", "-auto-approve", "-target=genesys_trunk_certificate.east"}).code == 0);
  const auto back = scene.run({"rollback", "-auto-approve", "-reason=one-way audio", "genesys_trunk_certificate.east"});
  INFO(back.out << back.err);
  REQUIRE(back.code == 0);
  CHECK(says(back, "Nor on 2 other trunks of carrier") != goes_on);
  const auto planned = scene.run({"plan"});
  INFO(planned.out << planned.err);
  CHECK(says(planned, "genesys_trunk_certificate.east: rolled back by hand: one-way audio") != goes_on);
  CHECK(says(planned, "is not tried on the 2 of this plan") != goes_on);
  const auto applied = scene.run({"apply", "-auto-approve"});
  INFO(applied.out << applied.err);
  CHECK((scene.live("north") == "old") != goes_on);
  CHECK(says(applied, "or was rolled back there (genesys_trunk_certificate.east: rolled back by hand") != goes_on);
}

TEST_CASE("trunks that have the chain already are none of those that it is kept from") {
  Scene scene;
  bind_new(scene);
  const auto back = roll_back_east(scene);
  INFO(back.out << back.err);
  REQUIRE(back.code == 0);
  CHECK_FALSE(says(back, "other trunk"));
}
