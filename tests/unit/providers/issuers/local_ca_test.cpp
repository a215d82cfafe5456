// An authority at hand: what it signs ends no later than itself, and no two certificates have one serial number.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "providers/issuers/local_ca/issuer.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/new_key.hpp"
#include "providers/x509/signing_request.hpp"
#include "tests/support/certificate_factory.hpp"

using namespace std::chrono_literals;
using namespace trunkform;

namespace {

const Instant k_noon = *parse_rfc3339("2026-06-01T12:00:00Z");
const Context k_run;

struct Laboratory {
  platform::SimulatedFileSystem files;
  platform::SimulatedClock clock{k_noon};
  std::string key_text;
  std::vector<std::string> secrets_read;

  /// The authority ends `left` from now.
  explicit Laboratory(Duration left, const std::function<void(testing::Request&)>& change = {},
                      const testing::Key& key = testing::Key::make()) {
    auto request = testing::root_request(k_noon);
    request.not_after = k_noon + left;
    if (change) change(request);
    const auto root = testing::make_root(request, key);
    key_text = root.key.text();
    REQUIRE(files.replace("/ca.pem", root.pem, 0644));
  }
  issuers::LocalCa authority() {
    return {files,
            clock,
            {[this](const std::string& reference) {
               secrets_read.push_back(reference);
               return Result<SecretBuffer>(SecretBuffer::copy_of(key_text));
             },
             [](const std::string& reference) -> Result<> {
               return Error(ErrorCode::untrusted, reference + " may not be read");
             }},
            {"/ca.pem", "file:ca.key", 24h * 90}};
  }
  static IssueOrder order(std::optional<Duration> lifetime = {}) {
    const auto key = x509::make_key(KeyType::ecdsa_p256).value();
    return {"00000000-0000-4000-8000-000000000001",
            {"sip.example.com"},
            lifetime,
            {},
            x509::make_signing_request(key, {"sip.example.com"}).value(),
            {}};
  }
  static CertificateFacts leaf_of(const Result<OrderStatus>& status) {
    INFO((status ? "" : to_line(status.error())));
    REQUIRE(status);
    const auto pem = std::get<OrderIssued>(*status).certificates_pem;
    const auto all = x509::parse_certificates(pem).value();
    CHECK(all.size() == 2);
    return *all.front().facts;
  }
};

}  // namespace

TEST_CASE("a laboratory's certificate lasts as long as the block says, else as the issuer says") {
  Laboratory lab(24h * 3650);
  CHECK(Laboratory::leaf_of(lab.authority().submit(k_run, Laboratory::order())).not_after == k_noon + 24h * 90);
  CHECK(Laboratory::leaf_of(lab.authority().submit(k_run, Laboratory::order(24h * 7))).not_after == k_noon + 24h * 7);
  CHECK(lab.secrets_read == std::vector<std::string>{"file:ca.key", "file:ca.key"});
}

TEST_CASE("a laboratory's certificate ends no later than its authority") {
  Laboratory lab(24h * 30);
  CHECK(Laboratory::leaf_of(lab.authority().submit(k_run, Laboratory::order())).not_after == k_noon + 24h * 30);
  CHECK(Laboratory::leaf_of(lab.authority().submit(k_run, Laboratory::order(24h * 7))).not_after == k_noon + 24h * 7);
  // One that is over signs nothing more.
  lab.clock.advance(24h * 30);
  const auto late = lab.authority().submit(k_run, Laboratory::order());
  REQUIRE_FALSE(late);
  CHECK(late.error().code == ErrorCode::rejected);
  CHECK(late.error().summary == "the local authority's own certificate has expired");
}

TEST_CASE("what a laboratory signs again, for a run that died before it was written down, has another serial number") {
  Laboratory lab(24h * 3650);
  const auto order = Laboratory::order();
  const auto first = Laboratory::leaf_of(lab.authority().submit(k_run, order));
  for (const Duration later : {Duration(1h), Duration(1ms)}) {
    lab.clock.advance(later);
    CHECK(Laboratory::leaf_of(lab.authority().submit(k_run, order)).serial != first.serial);
  }
}

TEST_CASE("a laboratory keeps no orders") {
  Laboratory lab(24h * 3650);
  const auto status = lab.authority().poll(k_run, "2026-06-01T11:55:00Z", Laboratory::order());
  REQUIRE(status);
  CHECK(std::holds_alternative<OrderGone>(*status));
  CHECK(lab.secrets_read.empty());
}

TEST_CASE("whether a laboratory's key may be read is asked without reading it") {
  Laboratory lab(24h * 30);
  CHECK(lab.authority().allowed().error().code == ErrorCode::untrusted);
  CHECK(lab.secrets_read.empty());
}

TEST_CASE("a key that is encrypted is told with what can be done about it") {
  Laboratory laboratory(24h * 365);
  laboratory.key_text = testing::Key::shared().text(testing::KeyForm::encrypted_pkcs8, "canary");
  auto authority = laboratory.authority();
  const auto refused = authority.submit(k_run, Laboratory::order());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().summary == "the private key is encrypted, and no passphrase can be given for it here");
  REQUIRE(refused.error().hints.size() == 1);
  CHECK(refused.error().hints.front() == "name a key that is not encrypted: openssl pkey -in KEY -out KEY.pem");
}

TEST_CASE("a plan knows what a laboratory cannot sign, of its certificate alone") {
  const auto refused = [](Laboratory lab, const std::string& name = "sip.example.com") {
    const auto foretold = lab.authority().foretell(k_run, {{name}, std::nullopt});
    CHECK(lab.secrets_read.empty());
    return foretold ? fmt::format("nothing: {}", fmt::join(*foretold, "; ")) : foretold.error().summary;
  };
  const auto decade = 24h * 3650;
  CHECK(refused(Laboratory(decade)) == "nothing: ");
  CHECK(refused(Laboratory(decade, [](auto& one) { one.role = testing::Role::leaf; })) ==
        "the certificate of the authority is none of an authority");
  CHECK(refused(Laboratory(decade, [](auto& one) { one.key_usage = "critical,cRLSign"; })) ==
        "the authority may not sign certificates");
  CHECK(refused(Laboratory(decade, {}, testing::Key::make(testing::KeyType::ed25519))) ==
        "SIP peers take no signature of the authority's key");
  CHECK(refused(Laboratory(decade, [](auto& one) { one.extensions = {{"extendedKeyUsage", "clientAuth"}}; })) ==
        "the authority may not sign for TLS servers");
  CHECK(refused(Laboratory(-1h)) == "the local authority's own certificate has expired");
  const auto permits = [](auto& one) {
    one.extensions = {{"nameConstraints", testing::name_constraints({"dns:example.com"}, {"dns:old.example.com"})}};
  };
  CHECK(refused(Laboratory(decade, permits)) == "nothing: ");
  for (const auto* name : {"sip.example.org", "sip.old.example.com", "*.example.org"})
    CHECK(refused(Laboratory(decade, permits), name) == "the authority's constraints do not permit these names");
}

TEST_CASE("where a laboratory's files are not at hand, a plan knows nothing of it") {
  Laboratory lab(24h * 3650);
  REQUIRE(lab.files.remove("/ca.pem"));
  CHECK(lab.authority().foretell(k_run, {{"sip.example.com"}, std::nullopt}).value().empty());
  REQUIRE(lab.files.replace("/ca.pem", "no certificate", 0644));
  CHECK_FALSE(lab.authority().foretell(k_run, {{"sip.example.com"}, std::nullopt}));
}

TEST_CASE("a plan says where a laboratory ends before what it would sign") {
  Laboratory lab(24h * 30);
  auto authority = lab.authority();
  CHECK(authority.foretell(k_run, {{"sip.example.com"}, 24h * 7}).value().empty());
  CHECK(authority.foretell(k_run, {{"sip.example.com"}, 24h * 60}).value().at(0) ==
        "the authority itself ends 2026-07-01T12:00:00Z: what it signs ends then, and does not last 60 days");
  CHECK(
      authority.foretell(k_run, {{"sip.example.com"}, std::nullopt}).value().at(0).ends_with("does not last 90 days"));
}

TEST_CASE("a doctor tells what a laboratory cannot sign") {
  Laboratory lab(24h * 30, [](auto& one) { one.key_usage = "critical,cRLSign"; });
  const auto checkup = lab.authority().examine(k_run);
  CHECK(std::any_of(checkup.lines.begin(), checkup.lines.end(), [](const auto& line) {
    return line.condition == Condition::bad && line.message == "the authority may not sign certificates";
  }));
}
