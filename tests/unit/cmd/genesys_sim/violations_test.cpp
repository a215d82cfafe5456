#include <catch2/catch.hpp>

#include "tests/unit/cmd/genesys_sim/world.hpp"

using namespace trunkform::sim::testing;
using namespace trunkform::sim;
using Kinds = std::vector<std::string>;

namespace {
const std::string k_one = std::string(k_trunks) + "/id-1";
}

TEST_CASE("any PATCH body but the two strings in tls is refused and is a violation") {
  const auto c = R"("certificate":"x")", k = R"("privateKey":"y")";
  const std::vector<std::string> bodies{
      "",
      "not json",
      "{}",
      "null",
      "[]",
      R"("tls")",
      "7",
      R"({"tls":null})",
      R"({"tls":"x"})",
      R"({"tls":[]})",
      R"({"tls":{}})",
      std::string("{\"tls\":{") + c + "}}",
      std::string("{\"tls\":{") + k + "}}",
      std::string("{\"tls\":{") + c + "," + k + R"(,"version":3}})",
      std::string("{\"tls\":{") + c + "," + k + R"(},"name":"Trunk 1"})",
      std::string(R"({"id":"id-1","name":"Trunk 1","version":1,"tls":{)") + c + "," + k + "}}",
      std::string("{\"tls\":{") + c + "," + k + "," + k + "}}",
      std::string("{\"tls\":{") + c + "," + k + "},\"tls\":{" + c + "," + k + "}}",
      std::string("{\"tls\":{") + c + R"(,"privateKey":null}})",
      std::string("{\"tls\":{") + c + R"(,"privateKey":["y"]}})",
      std::string("{\"tls\":{") + c + R"(,"privateKey":{"pem":"y"}}})",
      std::string("{\"tls\":{") + k + R"(,"certificate":7}})",
      std::string("{\"tls\":{") + c + "," + k + "}} trailing",
      std::string("[{\"tls\":{") + c + "," + k + "}}]",
      std::string("{\"tls\":{") + c + R"(,"private_key":"y"}})",
      std::string("{\"TLS\":{") + c + "," + k + "}}"};
  for (const auto& body : bodies) {
    World world;
    INFO(body);
    const auto response = world.send("PATCH", k_one, body, {{"Content-Type", "application/json"}});
    CHECK(response.status == 400);
    CHECK(world.violated() == Kinds{"patch_body"});
    CHECK(world.service.summary().patches_committed == 0);
  }
}

TEST_CASE("a violation is listed with its path and never quotes a key") {
  World world;
  world.send("PATCH", k_one, R"({"tls":{"certificate":"x","privateKey":"y"},"extra":"-----BEGIN PRIVATE KEY-----"})");
  const auto listed = world.admin("violations");
  CHECK(at(listed, "/count") == "1");
  CHECK(at(listed, "/violations/0/kind") == "patch_body");
  CHECK(at(listed, "/violations/0/path") == k_one);
  CHECK(at(listed, "/violations/0/what").find("'extra'") != std::string::npos);
  CHECK(listed.find("PRIVATE KEY") == std::string::npos);
}

TEST_CASE("writes to paths that the service does not have are violations, reads are not") {
  World world;
  CHECK(world.get("/api/v2/telephony/providers/edges/trunks").status == 404);
  CHECK(world.violated().empty());
  for (const auto& [method, path] : std::vector<std::pair<std::string, std::string>>{{"PATCH", k_trunks},
                                                                                     {"PATCH", "/api/v2/trunks/id-1"},
                                                                                     {"PUT", k_one},
                                                                                     {"DELETE", k_one},
                                                                                     {"POST", k_trunks}}) {
    World fresh;
    INFO(method << path);
    CHECK(fresh.send(method, path, "{}").status == 404);
    CHECK(fresh.violated() == Kinds{"unknown_path"});
  }
}

TEST_CASE("paths with dot segments, encoded separators or control characters are violations") {
  for (const auto* id :
       {"../organizations/me", "a%2fb", "a%2Fb", "%2e%2e", "a%0d%0ab", "a%00", "a//b", "a%zz", "a%5cb"}) {
    World world;
    INFO(id);
    CHECK(world.trunk(id).status == 404);
    CHECK(world.violated() == Kinds{"unsafe_path"});
  }
}

TEST_CASE("a credential in a query is a violation, under whatever name") {
  for (const auto* query :
       {"access_token=x", "token=x", "client_secret=x", "q=static-token", "q=s3cret", "a=1&q=xx%73tatic-token"}) {
    World world;
    INFO(query);
    world.list(query);
    CHECK(world.violated() == Kinds{"token_in_query"});
  }
}

TEST_CASE("a private key anywhere but in the body of a PATCH is a violation") {
  World world;
  world.get(std::string(k_trunks) + "?q=PRIVATE%20KEY");
  world.get(std::string(k_trunks) + "?q=PRIVATE+KEY");
  world.send("GET", k_one, "", {{"X-Debug", "-----BEGIN PRIVATE KEY-----"}});
  world.grant("Y2xpZW50OnMzY3JldA==", "grant_type=client_credentials&k=-----BEGIN PRIVATE KEY-----");
  CHECK(world.violated() == Kinds{"key_misplaced", "key_misplaced", "key_misplaced", "key_misplaced"});
}

TEST_CASE("missing Accept and Content-Type are violations") {
  World world;
  const Header bearer{"Authorization", "Bearer static-token"};
  world.raw({"GET", k_one, "", {bearer}, "", {}});
  world.raw({"GET", k_one, "", {bearer, {"Accept", "*/*"}}, "", {}});
  CHECK(world.violated() == Kinds{"accept", "accept"});
  world.raw({"PATCH", k_one, "", {bearer, {"ACCEPT", "Application/JSON"}}, patch_body(chain("n"), key("n")), {}});
  CHECK(world.violated().back() == "content_type");
  world.raw({"POST", "/oauth/token", "", {{"Authorization", "Basic eDp5"}, {"Content-Type", "text/plain"}}, "x", {}});
  CHECK(world.violated() == Kinds{"accept", "accept", "content_type", "content_type"});
}

TEST_CASE("a read with a body is a violation, whether the body or only its length arrives") {
  World world;
  world.send("GET", k_one, "{}");
  world.send("GET", k_one, "", {{"Content-Length", "2"}});
  world.send("GET", k_one, "", {{"Content-Length", "0"}});
  CHECK(world.violated() == Kinds{"body_on_get", "body_on_get"});
}

TEST_CASE("a PATCH of more than a mebibyte is refused and a violation") {
  World world;
  CHECK(world.send("PATCH", k_one, patch_body(std::string(1 << 20, 'x'), "y")).status == 413);
  CHECK(world.violated() == Kinds{"body_too_large"});
}

TEST_CASE("a PATCH repeated after a lost answer without a read is a violation, after a read it is none") {
  for (const std::string fault :
       {R"("effect":"error")", R"("effect":"error","when":"after")", R"("effect":"reset")",
        R"("effect":"silence","when":"after")", R"("effect":"torn","bytes":5)", R"("effect":"html","when":"after")",
        R"("effect":"cut_json")", R"("effect":"not_json")"}) {
    INFO(fault);
    const auto knobs = R"({"faults":[{"operation":"patch","times":1,)" + fault + "}]}";
    World careless;
    careless.turn(knobs);
    careless.bind("id-1", "new");
    careless.bind("id-2", "new");
    careless.bind("id-1", "new");
    CHECK(careless.violated() == Kinds{"blind_repeat"});
    for (const auto* read : {"/id-1", ""}) {
      World careful;
      careful.turn(knobs);
      careful.bind("id-1", "new");
      careful.get(k_trunks + std::string(read));
      careful.bind("id-1", "new");
      CHECK(careful.violated().empty());
    }
  }
}

TEST_CASE("reading another trunk, or reading in vain, does not excuse a repeat") {
  World world;
  world.turn(
      R"({"faults":[{"operation":"patch","effect":"reset","times":1},{"operation":"get","effect":"error","times":1}]})");
  world.bind("id-1", "new");
  world.trunk("id-1");
  world.trunk("id-2");
  world.bind("id-1", "new");
  CHECK(world.violated() == Kinds{"blind_repeat"});
}

TEST_CASE("refusals that say plainly that nothing was changed may be repeated") {
  World world;
  world.turn(R"({"faults":[{"operation":"patch","effect":"too_many_requests","times":1},
                           {"operation":"patch","effect":"conflict","times":1},
                           {"operation":"patch","effect":"version_mismatch","times":1},
                           {"operation":"patch","effect":"unauthorized","times":1}]})");
  for (const int status : {429, 409, 400, 401}) CHECK(world.bind("id-1", "new").status == status);
  CHECK(world.violated().empty());
}
