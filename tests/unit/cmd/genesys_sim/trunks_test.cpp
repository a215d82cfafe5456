#include <catch2/catch.hpp>

#include "tests/unit/cmd/genesys_sim/world.hpp"

using namespace trunkform::sim::testing;
using namespace trunkform::sim;
using namespace std::chrono_literals;
using Kinds = std::vector<std::string>;

TEST_CASE("a listing has the envelope of the service and pages of at most a hundred") {
  World world(250);
  const auto first = world.list("pageSize=100&pageNumber=1");
  REQUIRE(first.status == 200);
  CHECK(header(first, "Content-Type") == "application/json");
  CHECK(length(first.text(), "/entities") == 100);
  CHECK(at(first.text(), "/total") == "250");
  CHECK(at(first.text(), "/pageCount") == "3");
  CHECK(at(first.text(), "/pageSize") == "100");
  CHECK(at(first.text(), "/nextUri") == std::string(k_trunks) + "?pageSize=100&pageNumber=2");
  CHECK(at(first.text(), "/previousUri") == "absent");
  CHECK(at(first.text(), "/lastUri") == std::string(k_trunks) + "?pageSize=100&pageNumber=3");
  const auto last = world.list("pageNumber=3&pageSize=100");
  CHECK(length(last.text(), "/entities") == 50);
  CHECK(at(last.text(), "/entities/49/name") == "Trunk 250");
  CHECK(at(last.text(), "/nextUri") == "absent");
  CHECK(at(last.text(), "/previousUri") == std::string(k_trunks) + "?pageSize=100&pageNumber=2");
}

TEST_CASE("a listing without parameters has pages of 25, and a page past the end is empty") {
  World world(30);
  CHECK(length(world.list().text(), "/entities") == 25);
  CHECK(length(world.list("pageNumber=2").text(), "/entities") == 5);
  const auto beyond = world.list("pageNumber=9");
  CHECK(beyond.status == 200);
  CHECK(length(beyond.text(), "/entities") == 0);
  CHECK(at(World(0).list().text(), "/total") == "0");
}

TEST_CASE("page sizes and numbers that the service refuses are refused") {
  World world;
  for (const auto* query : {"pageSize=101", "pageSize=0", "pageSize=-1", "pageSize=ten", "pageSize=", "pageNumber=0",
                            "pageNumber=1x", "pageNumber=99999999999999999999999"}) {
    const auto response = world.list(query);
    INFO(query);
    CHECK(response.status == 400);
    CHECK(at(response.text(), "/code") == "invalid.value");
    CHECK(at(response.text(), "/details/0/fieldName") == std::string(query).substr(0, std::string(query).find('=')));
  }
  CHECK(world.violations() == 0);
}

TEST_CASE("a cached page is the very text of the page before, until something changes") {
  auto options = World::default_options();
  options.listing_cache = ListingCache::on;
  World world(3, options);
  const auto first = world.list("pageSize=100");
  const auto second = world.list("pageSize=100");
  CHECK(first.shared_body == second.shared_body);
  REQUIRE(world.bind("id-2", "new").status == 200);
  const auto third = world.list("pageSize=100");
  CHECK(at(third.text(), "/entities/1/tls/certificate") == chain("new"));
  world.turn(R"({"show_certificate": false})");
  CHECK(at(world.list("pageSize=100").text(), "/entities/1/tls/certificate") == "absent");
}

TEST_CASE("a trunk shows its certificate and never its key") {
  World world;
  REQUIRE(world.bind("id-1", "new").status == 200);
  const auto response = world.trunk("id-1");
  CHECK(at(response.text(), "/id") == "id-1");
  CHECK(at(response.text(), "/name") == "Trunk 1");
  CHECK(at(response.text(), "/status") == "active");
  CHECK(at(response.text(), "/version") == "2");
  CHECK(at(response.text(), "/tls/certificate") == chain("new"));
  for (const auto& text :
       {std::string(response.text()), std::string(world.list().text()), world.admin("state"), world.admin("requests"),
        world.admin("violations"), world.admin("summary"), world.admin("knobs")}) {
    CHECK(text.find("key-new") == std::string::npos);
    CHECK(text.find("PRIVATE KEY") == std::string::npos);
  }
}

TEST_CASE("an unknown trunk is not found, by GET and by PATCH, which is no violation") {
  World world;
  CHECK(world.trunk("gone").status == 404);
  CHECK(at(world.trunk("gone").text(), "/code") == "not.found");
  CHECK(world.bind("gone", "new").status == 404);
  CHECK(world.violations() == 0);
}

TEST_CASE("a PATCH of the two strings binds them, raises the version and tells the observer") {
  World world;
  std::vector<BindNotice> notices;
  world.service.on_bind([&](const BindNotice& notice) {
    notices.push_back(notice);
    CHECK(world.service.serving(notice.trunk_id, world.now).has_value());  // called without the lock
  });
  const auto response = world.bind("id-2", "new");
  REQUIRE(response.status == 200);
  CHECK(at(response.text(), "/tls/certificate") == chain("new"));
  CHECK(at(response.text(), "/version") == "2");
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].trunk_id == "id-2");
  CHECK(notices[0].trunk_name == "Trunk 2");
  CHECK(notices[0].identity == world.judge.judge(chain("new"), key("new"), world.now).identity);
  CHECK(at(world.trunk("id-1").text(), "/version") == "1");
  CHECK(world.service.summary().patches_committed == 1);
  CHECK(world.violations() == 0);
}

TEST_CASE("what the guide says is refused is refused in the guide's words, and nothing is bound") {
  World world;
  struct Row {
    std::string certificate, private_key, words;
  };
  const std::vector<Row> rows{{chain("new"), key("new", "encrypted"), "Invalid key format"},
                              {chain("new"), key("other"), "Invalid key format"},
                              {chain("new", "incomplete"), key("new"), "certificate chain incomplete"},
                              {chain("new", "expired"), key("new"), "certificate expired"},
                              {"no certificate", key("new"), "Invalid certificate format"}};
  for (const auto& row : rows) {
    const auto response =
        world.send("PATCH", std::string(k_trunks) + "/id-1", patch_body(row.certificate, row.private_key));
    INFO(row.words);
    CHECK(response.status == 400);
    CHECK(at(response.text(), "/message").starts_with(row.words));
    CHECK(at(response.text(), "/code") == "invalid.value");
    CHECK(response.body.find("key-") == std::string::npos);
  }
  CHECK(at(world.trunk("id-1").text(), "/tls/certificate") == chain("old"));
  CHECK(world.service.summary().patches_committed == 0);
  CHECK(world.violations() == 0);
}

TEST_CASE("pushing the certificate that is bound already is counted as needless") {
  World world;
  world.bind("id-1", "new");
  world.bind("id-1", "new");
  CHECK(world.service.summary().patches_committed == 2);
  CHECK(world.service.summary().needless_patches == 1);
}

TEST_CASE("readers lag behind a write, in the PATCH's own answer too") {
  World world;
  world.turn(R"({"read_lag": "2s"})");
  world.pass(1h);
  CHECK(at(world.bind("id-1", "new").text(), "/tls/certificate") == chain("old"));
  world.pass(1999ms);
  CHECK(at(world.trunk("id-1").text(), "/tls/certificate") == chain("old"));
  CHECK(at(world.list().text(), "/entities/0/tls/certificate") == chain("old"));
  world.pass(1ms);
  CHECK(at(world.trunk("id-1").text(), "/tls/certificate") == chain("new"));
  CHECK(at(world.list().text(), "/entities/0/tls/certificate") == chain("new"));
}

TEST_CASE("with lag and several writes a reader sees the newest that is old enough") {
  World world;
  world.turn(R"({"read_lag": "10s"})");
  world.pass(1h);
  world.bind("id-1", "b");
  world.pass(6s);
  world.bind("id-1", "c");
  world.pass(5s);
  CHECK(at(world.trunk("id-1").text(), "/tls/certificate") == chain("b"));
  world.pass(5s);
  CHECK(at(world.trunk("id-1").text(), "/tls/certificate") == chain("c"));
}

TEST_CASE("the service may give back a chain other than the one sent") {
  World world;
  world.send("PATCH", std::string(k_trunks) + "/id-1", patch_body(chain("new", "root"), key("new")));
  const auto shown = [&](const std::string& rule) {
    world.turn(R"({"give_back": ")" + rule + R"("})");
    CHECK(at(world.list().text(), "/entities/0/tls/certificate") == at(world.trunk("id-1").text(), "/tls/certificate"));
    return at(world.trunk("id-1").text(), "/tls/certificate");
  };
  const auto sent = shown("as_sent");
  CHECK(sent == chain("new", "root"));
  CHECK(sent.starts_with(shown("without_root")));
  CHECK(shown("without_root").find("\nroot") == std::string::npos);
  CHECK(shown("without_root").find("intermediate") != std::string::npos);
  CHECK(shown("leaf_only") == "-----BEGIN CERTIFICATE-----\nleaf-new\n-----END CERTIFICATE-----\n");
  CHECK(shown("reversed").find("root") < shown("reversed").find("leaf-new"));
  CHECK(shown("crlf").find("leaf-new\r\n") != std::string::npos);
}

TEST_CASE("a GET can hide the certificate") {
  World world;
  world.turn(R"({"show_certificate": false})");
  CHECK(at(world.trunk("id-1").text(), "/tls") == "absent");
  CHECK(at(world.list().text(), "/entities/0/tls") == "absent");
}

TEST_CASE("names that are not UTF-8 or need escapes are still JSON") {
  World world(0);
  world.service.add_trunk({"odd", "a\"b\\\n\xff\x01", "active", "", nullptr}, world.now);
  CHECK(at(world.trunk("odd").text(), "/name") == "a\"b\\\n\xef\xbf\xbd\x01");
  CHECK(at(world.trunk("odd").text(), "/tls/certificate") == "null");
}

TEST_CASE("a trunk without a certificate says so, unless certificates are hidden") {
  World world(0);
  world.service.add_trunk({"bare", "Bare", "active", "", nullptr}, world.now);
  CHECK(at(world.trunk("bare").text(), "/tls/certificate") == "null");
  CHECK(at(world.list().text(), "/entities/0/tls/certificate") == "null");
  world.turn(R"({"show_certificate": false})");
  CHECK(at(world.trunk("bare").text(), "/tls") == "absent");
}

TEST_CASE("the organisation has an id and a country code, and can be hidden or be another") {
  World world;
  const auto shown = world.get("/api/v2/organizations/me");
  CHECK(at(shown.text(), "/defaultCountryCode") == "US");
  CHECK(at(shown.text(), "/id").size() == 36);
  world.turn(R"({"organisation": {"id": "another", "name": "Another"}})");
  CHECK(at(world.get("/api/v2/organizations/me").text(), "/id") == "another");
  world.turn(R"({"organisation": {"status": 403}})");
  CHECK(world.get("/api/v2/organizations/me").status == 403);
  CHECK(at(world.get("/api/v2/organizations/me").text(), "/code") == "missing.any.permissions");
  world.turn(R"({"organisation": {"status": 404}})");
  CHECK(at(world.get("/api/v2/organizations/me").text(), "/code") == "not.found");
  CHECK(length(world.get("/api/v2/authorization/products").text(), "/entities") == 2);
}
