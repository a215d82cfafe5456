// Which arguments make a store, and which places are none.
#include "providers/stores/registry.hpp"

#include <catch2/catch.hpp>

#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/stores/places.hpp"

using namespace trunkform;

namespace {

Error refused(const Locator& locator) {
  platform::PosixFileSystem files;
  platform::SimulatedClock clock{Instant()};
  const stores::Services services;
  const auto made = stores::make_store(locator, {files, clock, "/base", services});
  REQUIRE_FALSE(made);
  return made.error();
}

}  // namespace

TEST_CASE("a store needs its arguments, and the provider of its service") {
  using Arguments = std::map<std::string, std::string>;
  const auto [type, place, missing] = GENERATE(table<std::string, Arguments, std::string>(
      {{"files", {}, "path"},
       {"vault_kv", {{"path", "sip/a"}}, "path"},
       {"aws_secretsmanager", {{"secret_id", "sip/a"}}, "secret_id"},
       {"azure_keyvault_secret", {{"vault", "sip"}, {"name", "a"}}, "name"},
       {"azure_keyvault_secret", {{"vault", "sip"}, {"name", "a"}}, "vault"}}));
  auto less = place;
  less.erase(missing);
  CHECK(refused({type, less}).summary == "store." + type + " needs the argument `" + missing + "`");
  if (!place.empty()) CHECK(refused({type, place}).code == ErrorCode::unsupported);
}

TEST_CASE("no place leads out of what the operator trusts") {
  for (const auto* path : {"sip/..", "../sip", "sip/./a", "sip//a", "//sip", "/", "."}) {
    INFO(path);
    CHECK(refused({"vault_kv", {{"path", path}}}).summary == "path of store.vault_kv is no path");
    CHECK(refused({"vault_kv", {{"path", "a"}, {"mount", path}}}).code == ErrorCode::invalid_input);
    CHECK(refused({"vault_kv", {{"path", "a"}, {"public_path", path}}}).code == ErrorCode::invalid_input);
  }
  for (const auto* path : {"sip/a", "sip/a/pending", "/sip/a", "sip/a/", "/sip/a/pending/"})
    CHECK(refused({"vault_kv", {{"path", "/sip/a/"}, {"public_path", path}}}).summary ==
          "public_path of store.vault_kv is where the key is");
  for (const auto* name : {"..", "a/b", "a b"})
    CHECK(refused({"azure_keyvault_secret", {{"vault", "sip"}, {"name", name}}}).code == ErrorCode::invalid_input);
  CHECK(refused({"nothing", {}}).code == ErrorCode::unsupported);
}

TEST_CASE("a folder is one place, however its path ends") {
  platform::PosixFileSystem files;
  platform::SimulatedClock clock{Instant()};
  const stores::Services services;
  for (const auto* path : {"sip", "sip/", "sip//", "./sip/.", "/base/x/../sip/"}) {
    INFO(path);
    const auto made = stores::make_store({"files", {{"path", path}}}, {files, clock, "/base", services});
    REQUIRE(made);
    CHECK((*made)->place({}).value() == "/base/sip");
  }
}

TEST_CASE("a place that no store of its type can be at is told, with the form") {
  const auto is_place = [](const std::string& type, const std::string& place) {
    const auto checked = stores::check_place(type, place);
    if (!checked) CHECK_FALSE(checked.error().hints.empty());
    return checked.has_value();
  };
  for (const auto* place :
       {"https://vault.example.com:8200/secret/sip/east", "https://vault.example.com/secret/sip/*",
        "https://vault.example.com:8200/namespace:ops/secret/sip", "http://127.0.0.1:8200/secret/a"})
    CHECK(is_place("vault_kv", place));
  for (const auto* place :
       {"secret/sip/east", "vault://secret/sip", "https://vault.example.com:8200",
        "https://vault.example.com:8200/secret", "https://vault.example.com:8200/secret//sip",
        "https://vault.example.com:8200/secret/../sip", "https://vault.example.com:8200/secret/sip/",
        "https://vault.example.com:8200/secret/s*", "https://vault.example.com:8200/*/sip",
        "https://vault.example.com:8200/secret/sip?version=1", "http://vault.example.com:8200/secret/sip",
        "https://vault.example.com:8200/namespace:ops/secret"})
    CHECK_FALSE(is_place("vault_kv", place));
  CHECK(is_place("aws_secretsmanager", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:sip/east"));
  CHECK(is_place("aws_secretsmanager", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:sip/*"));
  for (const auto* place : {"sip/east", "arn:aws:s3:eu-central-1:123456789012:secret:sip",
                            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:",
                            "arn:aws:secretsmanager:eu-central-1:123456789012:sip"})
    CHECK_FALSE(is_place("aws_secretsmanager", place));
  CHECK(is_place("azure_keyvault_secret", "https://sip.vault.azure.net/secrets/east"));
  CHECK(is_place("azure_keyvault_secret", "https://sip.vault.azure.net/secrets/*"));
  for (const auto* place : {"sip/east", "https://sip.vault.azure.net/east", "https://sip.vault.azure.net/secrets/a/1",
                            "https://sip.vault.azure.net/keys/secrets/a", "http://sip.vault.azure.net/secrets/a"})
    CHECK_FALSE(is_place("azure_keyvault_secret", place));
}
