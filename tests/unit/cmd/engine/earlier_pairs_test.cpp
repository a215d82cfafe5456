// Whoever finds no way back is told who keeps earlier pairs: what files can do is no use to whoever has a vault.
#include "cmd/engine/earlier_pairs.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;

namespace {

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("what to do for a way back speaks of the source that has none") {
  const auto told = [](const std::string& type, const Arguments& arguments = {}) {
    return engine::how_to_keep_earlier({type, arguments}, false);
  };
  for (const auto* files : {"pem_files", "pkcs12", "certbot"}) {
    INFO(files);
    CHECK(says(told(files), "`versions` of pem_files"));
  }
  const auto plain = told("vault_kv", {{"engine", "1"}});
  CHECK(says(plain, "version 1 of Vault's key/value engine keeps what was written last"));
  CHECK_FALSE(says(plain, "pem_files"));
  CHECK_FALSE(says(told("vault_kv", {{"engine", "2"}}), "version 1"));
  CHECK_FALSE(says(told("vault_kv"), "version 1"));
  CHECK(says(told("kubernetes_secret"), "a cluster keeps what was written last"));
  for (const auto* service : {"vault_kv", "aws_secretsmanager", "azure_keyvault_secret", "acm"}) {
    INFO(service);
    CHECK(says(told(service), "the service's own setting"));
    CHECK_FALSE(says(told(service), "Certbot"));
  }
}

TEST_CASE("a store's number of versions is told for what was issued") {
  CHECK(says(engine::how_to_keep_earlier({"files", {}}, true), "`keep` of store.files"));
}
