// What an apply does while somebody is asked whether a certificate is to be revoked.
#include "providers/platform/simulated/http_client.hpp"
#include "tests/unit/cmd/engine/lab.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

/// Vault's PKI engine beside the service: is there, has no issuer of its own, and counts what it is asked to revoke.
class VaultBeside final : public HttpClient {
 public:
  explicit VaultBeside(HttpClient& service) : m_service(service) {}
  int revoked = 0;
  std::function<platform::HttpAnswer()> revokes_it;  ///< null: it does
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override {
    if (request.url.find("vault.example.com") == std::string::npos) return m_service.send(context, request);
    if (request.url.ends_with("/v1/pki/ca/pem")) return platform::http_response(204, "");
    if (request.url.ends_with("/v1/pki/revoke")) ++revoked;
    if (request.url.ends_with("/v1/pki/revoke") && revokes_it) return revokes_it();
    return platform::http_response(200, R"({"data":{"revocation_time":1}})");
  }

 private:
  HttpClient& m_service;
};

/// Two versions, of which the second is bound; both are of Vault's by now.
struct Revoking : Lab {
  VaultBeside vault{http};
  VersionId first;

  Revoking() {
    SUCCEEDS(run({"apply", "-auto-approve"}));
    first = state().issues.at("certificate.issued.sip").last->version;
    SUCCEEDS(
        run({"apply", "-auto-approve", "-replace=certificate.issued.sip", "-replace=genesys_trunk_certificate.east"}));
    REQUIRE(leaf("east") == stored_leaf());
    edit(R"("local_ca": { "lab": { "certificate": "ca.pem",
      "private_key": { "file": "ca.key" } } })",
         R"("vault_pki": { "lab": { "role": "sip" } })");
    environment.variables["VAULT_ADDR"] = "https://vault.example.com:8200";
    environment.variables["VAULT_TOKEN"] = "s.token";
    wire = &vault;
  }
  Ended revoke(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"issuer", "revoke", "-version=" + first.value, "certificate.issued.sip"};
    words.insert(words.begin() + 2, more.begin(), more.end());
    return run(words);
  }
};

}  // namespace

TEST_CASE("what nobody binds while somebody is asked is revoked, once, and is in the state") {
  Revoking scene;
  scene.types = [] { return "yes\n"; };
  SUCCEEDS(scene.revoke());
  CHECK(scene.vault.revoked == 1);
  CHECK(scene.state().revoked.size() == 1);
  CHECK(scene.count("issue_revoke_asked") == 1);
  CHECK(scene.count("issue_revoked") == 1);
}

TEST_CASE("what a rollback binds again while somebody is asked is not revoked") {
  Revoking scene;
  scene.types = [&] {
    SUCCEEDS(scene.run_beside({"rollback", "-auto-approve", "genesys_trunk_certificate.east"}));
    return "yes\n";
  };
  const auto ended = scene.revoke();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 1);
  CHECK(says(ended, "this certificate is bound on 1 trunk"));
  CHECK(scene.vault.revoked == 0);
  CHECK(scene.state().revoked.empty());
  CHECK(scene.count("issue_revoke_asked") == 0);
}

TEST_CASE("what an issuer refuses to revoke is bound again, by the state that the next command reads") {
  Revoking scene;
  scene.vault.revokes_it = [] { return platform::http_response(403, R"({"errors":["permission denied"]})"); };
  CHECK(scene.revoke({"-auto-approve", "-reason=key_compromise"}).code == 1);
  CHECK(scene.count("issue_revoke_asked") == 1);
  CHECK(scene.count("issue_revoke_refused") == 1);
  CHECK(scene.state().revoked.empty());
  SUCCEEDS(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"}));
}

TEST_CASE("a refusal of a revocation with another reason leaves what was revoked before, and takes back its key") {
  Revoking scene;
  SUCCEEDS(scene.revoke({"-auto-approve", "-reason=superseded"}));
  const auto before = scene.state().revoked;
  REQUIRE(before.size() == 1);
  scene.vault.revokes_it = [] { return platform::http_response(403, R"({"errors":["permission denied"]})"); };
  CHECK(scene.revoke({"-auto-approve", "-reason=key_compromise"}).code == 1);
  CHECK(scene.state().revoked == before);
}

TEST_CASE("where a first try may have revoked it, a refusal of the next one is no refusal, and nothing binds it") {
  Revoking scene;
  int asked = 0;
  scene.vault.revokes_it = [&]() -> platform::HttpAnswer {
    if (++asked == 1) return tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "cut"), Reached::maybe});
    return platform::http_response(403, R"({"errors":["permission denied"]})");
  };
  const auto ended = scene.revoke({"-auto-approve"});
  CHECK(ended.code == 1);
  CHECK(says(ended, "it is not known whether the certificate was revoked"));
  CHECK(asked == 2);
  CHECK(scene.count("issue_revoke_refused") == 0);
  CHECK(scene.state().revoked.size() == 1);
  CHECK(scene.run({"rollback", "-auto-approve", "genesys_trunk_certificate.east"}).code == 1);
}

TEST_CASE("where nothing reached the issuer the certificate is as good as before") {
  Revoking scene;
  scene.vault.revokes_it = []() -> platform::HttpAnswer {
    return tl::unexpected(HttpFailure{Error(ErrorCode::unavailable, "connection refused"), Reached::no});
  };
  CHECK(scene.revoke({"-auto-approve"}).code == 1);
  CHECK(scene.count("issue_revoke_refused") == 1);
  CHECK(scene.state().revoked.empty());
}
