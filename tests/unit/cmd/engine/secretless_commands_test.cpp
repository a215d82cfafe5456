// The registry says of some commands that they never hold a secret: those do not start themselves again to be safe with
// one (docs/security.md). The list is kept by hand, so each of them is run here, and nothing secret may be asked for.
#include "cmd/trunkform/command_spec.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

using Words = std::vector<std::string>;

/// How each is run, to its end and with something to do. A command that joins them gets its line.
const std::map<Words, Words> k_runs{
    {{"init"}, {}},
    {{"validate"}, {}},
    {{"fmt"}, {}},
    {{"show"}, {}},
    {{"history"}, {}},
    {{"output"}, {}},
    {{"console"}, {}},
    {{"state", "list"}, {}},
    {{"state", "show"}, {"genesys_trunk_certificate.east"}},
    {{"state", "pull"}, {}},
    {{"force-unlock"}, {"-force", "1"}},
    {{"completion"}, {"bash"}},
    {{"version"}, {}},
    {{"workspace", "list"}, {}},
    {{"workspace", "show"}, {}},
    {{"workspace", "new"}, {"other"}},
    {{"workspace", "select"}, {"default"}},
    {{"workspace", "delete"}, {"other"}},
    {{"trust", "add"}, {"secret", "env", "ANOTHER"}},
    {{"trust", "list"}, {}},
    {{"trust", "remove"}, {"ANOTHER"}},
};

/// A key with a passphrase, a webhook whose address is a secret, a client's secret, a state.
struct Guarded : Scene {
  Guarded() {
    record_old();
    for (const auto* name : {"KEY_PASSPHRASE", "HOOK"}) {
      environment.variables[name] = "a-secret-of-a-test";
      REQUIRE(run({"trust", "add", "secret", "env", name}).code == 0);
    }
    environment.variables["GENESYSCLOUD_OAUTHCLIENT_ID"] = "somebody";
    environment.variables["GENESYSCLOUD_OAUTHCLIENT_SECRET"] = "a-secret-of-a-test";
    auto text = files.read("/conf/main.trunk.json", 1 << 20).value();
    const std::string key = R"("private_key": "new.key")";
    text.insert(text.find(key) + key.size(), R"(, "passphrase": { "env": "KEY_PASSPHRASE" })");
    text.insert(text.find(R"("carrier": {)"), R"("notify": { "webhook": { "w": { "url": { "env": "HOOK" } } } }, )");
    write("main.trunk.json", text);
  }
  /// What was asked for that is secret, or may ask for it: variables, keys, the service.
  std::vector<std::string> asked_by(Words words) {
    environment.taken.clear();
    auto& sites = files.kernel().faults();
    const auto from = sites.sites().size();
    const auto requests = service.summary().requests;
    const auto ended = run(std::move(words));
    INFO(ended.out << ended.err);
    CHECK(ended.code != 64);
    CHECK_FALSE(says(ended, "has a bug"));
    auto asked = environment.taken;
    for (auto i = from; i < sites.sites().size(); ++i)
      if (sites.sites()[i].path.ends_with(".key")) asked.push_back(sites.sites()[i].path);
    if (service.summary().requests != requests) asked.emplace_back("the service");
    return asked;
  }
};

}  // namespace

TEST_CASE("a command that is said never to hold a secret asks for none") {
  Guarded scene;
  std::set<Words> never;
  for (const auto& command : cli::all_commands()) {
    if (command.secrets != cli::Secrets::never) continue;
    never.insert(command.path);
    const auto arguments = k_runs.find(command.path);
    auto words = command.path;
    CAPTURE(words);
    REQUIRE(arguments != k_runs.end());
    words.insert(words.end(), arguments->second.begin(), arguments->second.end());
    CHECK(scene.asked_by(words) == Words{});
  }
  CHECK(never.size() == k_runs.size());
}

TEST_CASE("what would be asked for is seen, where a command does hold secrets") {
  Guarded scene;
  CHECK_FALSE(scene.asked_by({"plan"}).empty());
  const auto asked = scene.asked_by({"notify", "test"});
  CHECK(std::count(asked.begin(), asked.end(), "HOOK") == 1);
}
