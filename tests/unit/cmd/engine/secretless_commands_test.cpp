// The registry says of some commands that they never hold a secret: those do not start themselves again to be safe with
// one (docs/security.md). The list is kept by hand, so each of them is run here, and nothing secret may be asked for.
#include "cmd/trunkform/command_spec.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "planner/language/configuration/schema.hpp"
#include "tests/unit/cmd/engine/scene.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

using Words = std::vector<std::string>;

/// How each is run, to its end and with something to do. A command that joins them gets its line. Those that read the
/// state may come to hold its key, and hold nothing where it is not encrypted.
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
    {{"lock", "show"}, {}},
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

/// A state, and a configuration with every argument that may hold a secret, as far as this version knows them.
struct Guarded : Scene {
  static inline const std::vector<std::string> k_secrets{"CLIENT", "PASSPHRASE", "HOOK",         "HMAC", "MAIL",
                                                         "PING",   "SECRET_ID",  "AZURE_SECRET", "PFX",  "AUTHORITY",
                                                         "ACME",   "EAB",        "TSIG",         "STEP", "P12"};

  Guarded() {
    record_old();
    for (const auto& name : k_secrets) {
      environment.variables[name] = "a-secret-of-a-test";
      REQUIRE(run({"trust", "add", "secret", "env", name}).code == 0);
    }
    environment.variables["GENESYSCLOUD_OAUTHCLIENT_SECRET"] = "a-secret-of-a-test";
    insert_after(R"("base_url": "http://127.0.0.1:1")", R"(, "client_id": "c", "client_secret": { "env": "CLIENT" })");
    insert_after(R"("private_key": "new.key")", R"(, "passphrase": { "env": "PASSPHRASE" })");
    insert_after(R"("certificate": { )", R"("pkcs12": { "p": { "file": "p.pfx", "passphrase": { "env": "PFX" } } }, )");
    insert_after(R"("provider": { )",
                 R"("azure": { "auth": { "client_secret": { "client_secret": { "env": "AZURE_SECRET" } } } },
   "vault": { "address": "https://vault.example.com", "auth": { "approle": {
   "role_id": "r", "secret_id": { "env": "SECRET_ID" } } } }, )");
    insert_after(R"("certificate": { )",
                 R"("aws_secretsmanager": { "s": { "secret_id": "sip", "passphrase": { "env": "P12" } } }, )");
    insert_after("{", R"("issuer": {
  "local_ca": { "lab": { "certificate": "ca.pem", "private_key": { "env": "AUTHORITY" } } },
  "step_ca": { "s": { "url": "https://ca.example.com", "provisioner": "p", "key": { "env": "STEP" } } },
  "acme": { "le": { "directory": "https://acme.example.com", "account_key": { "env": "ACME" },
                    "external_account": { "key_id": "k", "hmac_key": { "env": "EAB" } },
                    "dns_01": { "rfc2136": { "server": "ns.example.com", "key_name": "k", "key": { "env": "TSIG" } } } } } },
 "notify": {
  "webhook": { "w": { "url": { "env": "HOOK" }, "secret": { "env": "HMAC" } } },
  "email": { "m": { "from": "a@example.com", "to": ["b@example.com"],
                    "smtp": { "host": "mail.example.com", "user": "u", "password": { "env": "MAIL" } } } } },
 "metrics": { "ping": { "url": { "env": "PING" } } }, )");
    const auto valid = run({"validate"});
    INFO(valid.out << valid.err);
    REQUIRE(valid.code == 0);
  }
  void insert_after(const std::string& place, const std::string& more) {
    auto text = files.read("/conf/main.trunk.json", 1 << 20).value();
    const auto at = text.find(place);
    REQUIRE(at != std::string::npos);
    text.insert(at + place.size(), more);
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

void add_secrets(const language::BlockSchema& block, const std::string& path, std::vector<std::string>& arguments) {
  for (const auto& argument : block.arguments)
    if (argument.type == language::ArgumentType::secret || argument.type == language::ArgumentType::text_or_secret)
      arguments.push_back(path + "." + argument.name);
  for (const auto& inner : block.blocks) add_secrets(inner, path + "." + inner.type, arguments);
}

}  // namespace

TEST_CASE("the configuration of these tests has each argument that may hold a secret") {
  std::vector<std::string> arguments;
  for (const auto& block : language::block_schemas()) add_secrets(block, block.type + "." + block.subtype, arguments);
  CAPTURE(arguments);
  // A new one belongs into that configuration, so that the commands below are seen not to read it. Of the five ways to
  // log in to a vault, with six secrets, a configuration has one, and one of those for Azure, with four.
  CHECK(arguments.size() == Guarded::k_secrets.size() + 5 + 3);
}

TEST_CASE("a command that is said never to hold a secret asks for none, nor one that reads a plain state") {
  Guarded scene;
  std::size_t never = 0;
  for (const auto& command : cli::all_commands()) {
    const auto arguments = k_runs.find(command.path);
    auto words = command.path;
    CAPTURE(words);
    if (command.secrets == cli::Secrets::never) {
      ++never;
      REQUIRE(arguments != k_runs.end());
    }
    if (arguments == k_runs.end()) continue;
    words.insert(words.end(), arguments->second.begin(), arguments->second.end());
    const auto asked = scene.asked_by(words);
    CAPTURE(asked);
    CHECK(asked.empty());
  }
  CHECK(never == 10);
}

TEST_CASE("what would be asked for is seen, where a command does hold secrets") {
  Guarded scene;
  const auto asks_for = [&](Words words, const std::string& name) {
    const auto asked = scene.asked_by(std::move(words));
    return std::count(asked.begin(), asked.end(), name) > 0;
  };
  CHECK(asks_for({"plan"}, "CLIENT"));
  CHECK(asks_for({"notify", "test"}, "HOOK"));
  CHECK(
      asks_for({"certificate", "check", "new.chain", "-key", "new.key", "-trust-store", "root.pem"}, "/conf/new.key"));
}
