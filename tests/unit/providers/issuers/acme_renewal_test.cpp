// When to renew, what is replaced, and what is revoked.
#include "providers/issuers/acme/renewal.hpp"
#include "providers/x509/certificates.hpp"
#include "tests/unit/providers/issuers/acme_server.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::issuers;
using namespace trunkform::issuers::samples;

namespace {

testing::Issued with_serial(const AcmeServer& server, const std::string& serial, bool authority_key_id = true) {
  auto request = testing::leaf_request(k_now);
  request.serial = serial;
  request.authority_key_id = authority_key_id;
  return testing::make(request, server.family().intermediate);
}

std::string id_of(const testing::Issued& issued) { return must(acme::certificate_id_of(issued.der)); }

}  // namespace

TEST_CASE("acme: a certificate's id is its authority's key and its serial number as DER has it") {
  AcmeServer server;
  // RFC 9773 §4.1: the example's serial number, whose first octet keeps it positive.
  const auto id = id_of(with_serial(server, "8765432100"));
  CHECK(id.substr(id.find('.') + 1) == "AIdlQyEA");
  const auto other = id_of(with_serial(server, "7765432100"));
  CHECK(other.substr(other.find('.') + 1) == "d2VDIQA");
  const auto authority = must(x509::parse_der(server.family().intermediate.der)).facts->subject_key_id;
  std::string hex;
  for (const unsigned char octet : decoded(id.substr(0, id.find('.')))) {
    constexpr auto k_digits = "0123456789abcdef";
    hex += {k_digits[octet >> 4U], k_digits[octet & 15U]};
  }
  CHECK(hex == authority);
  CHECK(error_of(acme::certificate_id_of(with_serial(server, "01", false).der)).code == ErrorCode::invalid_input);
  CHECK(error_of(acme::certificate_id_of("no certificate")).code == ErrorCode::invalid_input);
}

TEST_CASE("acme: the server's window is told as it is, past, now or to come; what is none is none") {
  AcmeServer server;
  const auto leaf = server.family().leaf;
  const auto path = "renewal/" + id_of(leaf);
  const auto window = [&](const std::string& start, const std::string& end) {
    server.routes[path] = [=](const Heard& heard) {
      CHECK(heard.method == "GET");
      return Reply{200, R"({"suggestedWindow":{"start":")" + start + R"(","end":")" + end +
                            R"("},"explanationURL":"https://ca.example/why"})"};
    };
    return must(server.issuer()->renewal_info(k_any, leaf.der));
  };
  SECTION("past") {
    const auto found = window("2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z");
    REQUIRE(found);
    CHECK(found->end == *parse_rfc3339("2026-05-02T00:00:00Z"));
  }
  SECTION("now") {
    const auto found = window("2026-06-01T00:00:00Z", "2026-06-02T00:00:00+02:00");
    REQUIRE(found);
    CHECK(found->end == *parse_rfc3339("2026-06-01T22:00:00Z"));
  }
  SECTION("to come") {
    const auto found = window("2026-08-01T00:00:00Z", "2026-08-02T00:00:00Z");
    REQUIRE(found);
    CHECK(found->start == *parse_rfc3339("2026-08-01T00:00:00Z"));
    CHECK(found->explanation == "https://ca.example/why");
    CHECK(server.count("new-account") == 0);
  }
  SECTION("it does not know the certificate") {
    CHECK_FALSE(must(server.issuer()->renewal_info(k_any, leaf.der)));
    CHECK(server.count(path) == 1);
  }
  SECTION("it ends before it begins") { CHECK_FALSE(window("2026-08-02T00:00:00Z", "2026-08-01T00:00:00Z")); }
  SECTION("no times") { CHECK_FALSE(window("soon", "later")); }
  SECTION("no JSON") {
    server.routes[path] = [](const Heard&) { return Reply{200, "<html>"}; };
    CHECK_FALSE(must(server.issuer()->renewal_info(k_any, leaf.der)));
  }
  SECTION("it is down") {
    server.routes[path] = [](const Heard&) { return Reply{503, "down"}; };
    CHECK_FALSE(must(server.issuer()->renewal_info(k_any, leaf.der)));
  }
  SECTION("it has none") {
    server.directory({{"renewalInfo", "null"}});
    CHECK_FALSE(must(server.issuer()->renewal_info(k_any, leaf.der)));
  }
  SECTION("it is somewhere that is not allowed") {
    server.refused_hosts = {"evil.example"};
    server.directory({{"renewalInfo", R"("https://evil.example/ari")"}});
    CHECK_FALSE(must(server.issuer()->renewal_info(k_any, leaf.der)));
  }
}

TEST_CASE("acme: an order names what it replaces, and is placed without where the server does not like that") {
  AcmeServer server;
  const auto leaf = with_serial(server, "8765432100");
  const auto replaces = R"("replaces":")" + id_of(leaf) + "\"";
  const auto issuer = server.issuer();
  SECTION("it is taken") {
    must(issuer->submit(k_any, server.order(leaf.der)));
    CHECK(server.count("new-order") == 1);
    CHECK(server.payload("new-order").find(replaces) != std::string::npos);
  }
  SECTION("it is not") {
    for (const auto* type : {"alreadyReplaced", "malformed", "unauthorized"}) {
      server.routes["new-order"] = [&](const Heard& heard) {
        if (heard.payload.find(replaces) != std::string::npos) return AcmeServer::problem(409, type);
        return Reply{201, AcmeServer::order_json("pending"), {{"Location", k_place + "order/1"}}};
      };
      must(issuer->submit(k_any, server.order(leaf.der)));
    }
    CHECK(server.count("new-order") == 6);
  }
  SECTION("the server falls over it") {
    server.routes["new-order"] = [&](const Heard& heard) {
      if (heard.payload.find(replaces) != std::string::npos) return AcmeServer::problem(500, "serverInternal");
      return Reply{201, AcmeServer::order_json("pending"), {{"Location", k_place + "order/1"}}};
    };
    must(issuer->submit(k_any, server.order(leaf.der)));
    CHECK(server.payload("new-order").find("replaces") == std::string::npos);
  }
  SECTION("another refusal is one") {
    server.routes["new-order"] = [](const Heard&) { return AcmeServer::problem(400, "rejectedIdentifier"); };
    CHECK(error_of(issuer->submit(k_any, server.order(leaf.der))).code == ErrorCode::invalid_input);
    CHECK(server.count("new-order") == 1);
  }
  SECTION("the server knows nothing of it") {
    server.directory({{"renewalInfo", "null"}});
    must(issuer->submit(k_any, server.order(leaf.der)));
    CHECK(server.payload("new-order").find("replaces") == std::string::npos);
  }
}

TEST_CASE("acme: a certificate is revoked with its reason; what is revoked already is no error") {
  AcmeServer server;
  const auto issuer = server.issuer();
  server.routes["revoke"] = [](const Heard&) { return Reply{200, ""}; };
  must(issuer->revoke(k_any, server.family().leaf.der, RevocationReason::key_compromise));
  const auto payload = server.payload("revoke");
  CHECK(decoded(member(payload, {"certificate"})) == server.family().leaf.der);
  CHECK(payload.ends_with(R"("reason":1})"));
  server.routes["revoke"] = [](const Heard&) { return AcmeServer::problem(400, "alreadyRevoked"); };
  must(issuer->revoke(k_any, server.family().leaf.der, RevocationReason::superseded));
  server.routes["revoke"] = [](const Heard&) { return AcmeServer::problem(403, "unauthorized", "not yours"); };
  const auto refused = issuer->revoke(k_any, server.family().leaf.der, RevocationReason::superseded);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::denied);
  server.directory({{"revokeCert", "null"}});
  const auto unknown = server.issuer()->revoke(k_any, server.family().leaf.der, RevocationReason::superseded);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == ErrorCode::unsupported);
}

TEST_CASE("acme: whether a certificate was revoked is not known by the last try alone") {
  AcmeServer server;
  int asked = 0;
  server.routes["revoke"] = [&](const Heard&) {
    return ++asked == 1 ? Reply{502, "bad gateway"} : AcmeServer::problem(403, "unauthorized", "not yours");
  };
  const auto unknown = server.issuer()->revoke(k_any, server.family().leaf.der, RevocationReason::superseded);
  CHECK(asked == 2);
  REQUIRE_FALSE(unknown);
  REQUIRE(unknown.error().code == ErrorCode::outcome_unknown);
  CHECK(unknown.error().causes.front().code == ErrorCode::denied);
}
