// The whole program with a notify block, and a mail server that remembers.
#include "schemas/ports/mail_transport.hpp"
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace std::chrono_literals;

namespace {

struct MailServer final : MailTransport {
  std::mutex mutex;
  std::vector<std::string> kinds;
  std::optional<Error> failure;
  Result<> send(const Context&, const MailRequest& request) override {
    const std::scoped_lock guard(mutex);
    if (failure) return *failure;
    const auto& message = request.message;
    const std::string header = "X-Trunkform-Alert: ";
    const auto at = message.find(header) + header.size();
    kinds.push_back(message.substr(at, message.find('\r', at) - at));
    return {};
  }
  std::string take() {
    std::string text;
    for (const auto& kind : std::exchange(kinds, {})) text += (text.empty() ? "" : " ") + kind;
    return text;
  }
};

struct AlertScene : Scene {
  MailServer mail;
  AlertScene() { outlets.mail = &mail; }
  /// Adds the notify block to whatever `configure` wrote.
  void with_mail(const std::string& on = "") {
    write("notify.trunk.json",
          R"({"notify": {"email": {"ops": {"smtp": {"host": "localhost", "port": 2525, "starttls": false},
      "from": "alerts@example.com", "to": ["ops@example.com"])" +
              (on.empty() ? "" : ", \"on\": " + on) + "}}}}");
  }
};

}  // namespace

TEST_CASE("a failure on the wire is mailed with its rollback and the stop, once, and its end when it is mended") {
  AlertScene scene;
  scene.record_old(std::string(Scene::k_probing), R"("canary": 1, "stagger": "0s", "soak": "0s")");
  scene.with_mail();
  scene.serve("old");
  auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 6);
  const auto told = scene.mail.take();
  CHECK(told.find("failed") == 0);
  CHECK(told.find("stopped") != std::string::npos);

  // Quarantined: the same incident gets another name once, and is over for nobody.
  ended = scene.run({"apply", "-auto-approve"});
  CHECK(scene.mail.take() == "quarantined");
  (void)scene.run({"drift"});
  CHECK(scene.mail.take().empty());

  scene.serve("new");
  ended = scene.run({"apply", "-auto-approve", "-retry"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(scene.mail.take().find("recovered") != std::string::npos);
  CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
  CHECK(scene.mail.take().empty());
}

TEST_CASE("what failed and stays bound stays an open incident until it verifies") {
  AlertScene scene;
  scene.record_old(Scene::k_probing, R"("canary": 1, "stagger": "0s", "soak": "0s", "on_failure": "stop")");
  scene.with_mail();
  scene.serve("old");
  CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
  REQUIRE(scene.live("east") == "new");
  CHECK(scene.mail.take().find("failed") == 0);
  const auto* command = GENERATE("apply", "drift");
  const auto look = [&] {
    return command == std::string("apply") ? scene.run({command, "-auto-approve"}) : scene.run({command});
  };
  (void)look();
  CHECK(scene.mail.take().find("recovered") == std::string::npos);
  scene.serve("new");
  CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
  CHECK(scene.mail.take().find("recovered") != std::string::npos);
}

TEST_CASE(
    "a bind that an interrupted run left failed is mailed by the run that finds it, also where nothing is to be done") {
  AlertScene scene;
  const auto* rollout = R"("canary": 1, "stagger": "0s", "soak": "0s", "on_failure": "stop")";
  scene.add_trunk("east", "old");
  scene.configure({"east"}, "old", Scene::k_probing, rollout);
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  scene.configure({"east"}, "new", Scene::k_probing, rollout);
  scene.with_mail();
  scene.serve("old");
  auto& faults = scene.files.kernel().faults();
  scene.taps.after_bind = [&](const TrunkId&) {
    const auto next = faults.sites().size() + 1;
    for (std::uint64_t n = next; n < next + 5000; ++n) faults.fail_at(n, platform::Fault::io_error);
  };
  CHECK(scene.run({"apply", "-auto-approve"}).code != 0);
  faults.clear();
  scene.taps = {};
  REQUIRE(scene.live("east") == "new");
  (void)scene.mail.take();
  const auto leads_to_a_plan = GENERATE(true, false);
  // Where the plan is not made at all, what was found is told all the same.
  if (!leads_to_a_plan) scene.turn(R"({"faults": [{"operation": "list", "effect": "error", "status": 403}]})");
  const auto ended = scene.run({"apply", "-auto-approve"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(scene.mail.take() == (leads_to_a_plan ? "failed" : "failed service_unreachable"));
}

TEST_CASE("a rollback by hand is alerted like one that a run decides, and mends no run that stopped") {
  AlertScene scene;
  scene.record_old();
  scene.with_mail();
  REQUIRE(scene.run({"apply", "-auto-approve"}).code == 0);
  (void)scene.mail.take();
  const auto ended = scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(scene.mail.take() == "rolled_back");

  // Insisting fails on another trunk: that run stops, and that a person then goes back elsewhere mends nothing of it.
  scene.make_pair("newer", 24h * 120);
  scene.configure({"east", "north", "west"}, "newer");
  scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::rejected, "400"); };
  REQUIRE(scene.run({"apply", "-auto-approve"}).code != 0);
  CHECK(scene.mail.take().find("stopped") != std::string::npos);
  scene.taps.refuse_bind = {};
  REQUIRE(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.west"}).code == 0);
  CHECK(scene.mail.take() == "rolled_back");

  scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::rejected, "400"); };
  REQUIRE(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.north"}).code == 1);
  CHECK(scene.mail.take() == "failed");
}

TEST_CASE("a mail server that is down changes no exit code, and is a warning") {
  AlertScene scene;
  scene.record_old();
  scene.with_mail();
  scene.mail.failure = Error(ErrorCode::unavailable, "connection refused");
  scene.taps.refuse_bind = [](const TrunkId&) { return Error(ErrorCode::rejected, "400"); };
  const auto with = scene.run({"apply", "-auto-approve"});
  scene.write("notify.trunk.json", "{}");
  const auto without = scene.run({"apply", "-auto-approve"});
  INFO(with.err);
  CHECK(with.code == without.code);
  CHECK(with.err.find("Warning: an alert could not be sent to notify.email.ops") != std::string::npos);
}

TEST_CASE("drift alerts without a lock, plan does not, and nobody is told every hour") {
  AlertScene scene;
  scene.record_old();
  scene.with_mail(R"(["drifted"])");
  CHECK(scene.run({"apply", "-auto-approve"}).code == 0);
  scene.bind_by_hand("west", "old");
  (void)scene.run({"plan"});
  CHECK(scene.mail.take().empty());
  CHECK(scene.run({"drift"}).code == 2);
  CHECK(scene.mail.take() == "drifted");
  scene.clock.advance(1h);
  CHECK(scene.run({"drift"}).code == 2);
  CHECK(scene.mail.take().empty());
  scene.bind_by_hand("west", "new");
  CHECK(scene.run({"drift"}).code == 0);
  CHECK(scene.mail.take() == "recovered");
}

TEST_CASE("a service that refuses is alerted, and that it answers again") {
  AlertScene scene;
  scene.record_old();
  scene.with_mail();
  scene.environment.variables["GENESYSCLOUD_ACCESS_TOKEN"] = "withdrawn";
  CHECK(scene.run({"drift"}).code == 1);
  CHECK(scene.mail.take() == "service_unreachable");
  CHECK(scene.run({"apply", "-auto-approve"}).code == 1);
  CHECK(scene.mail.take().empty());
  scene.environment.variables["GENESYSCLOUD_ACCESS_TOKEN"] = "static-token-of-a-test";
  CHECK(scene.run({"drift"}).code == 0);
  CHECK(scene.mail.take() == "recovered");
}

TEST_CASE("a place that the operator does not trust is a warning with the command that would") {
  AlertScene scene;
  scene.record_old();
  scene.write("notify.trunk.json", R"({"notify": {"webhook": {"ops": {"url": "https://ops.example.com/hook"}}}})");
  const auto ended = scene.run({"drift"});
  CHECK(ended.code == 0);
  CHECK(ended.err.find("no alerts are sent by notify.webhook.ops") != std::string::npos);
  CHECK(ended.err.find("trunkform trust add host ops.example.com:443 webhook") != std::string::npos);
}
