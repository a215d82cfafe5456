// Showing that names are ours: what is presented, for how long, and what is refused.
#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/path_server.hpp"
#include "tests/unit/providers/issuers/acme_server.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::issuers;
using namespace trunkform::issuers::samples;

namespace {

/// An order that waits for proofs, with one permission in one state after the other.
void permissions(AcmeServer& server, std::vector<std::string> bodies) {
  server.routes["order/1"] = [](const Heard&) { return Reply{200, AcmeServer::order_json("pending")}; };
  server.routes["challenge/http-01"] = server.routes["challenge/dns-01"] = [](const Heard&) { return Reply{}; };
  server.routes["authz/1"] = [bodies = std::move(bodies), at = std::size_t{0}](const Heard&) mutable {
    return Reply{200, bodies[std::min(at++, bodies.size() - 1)]};
  };
}

std::vector<std::string> files_shown(AcmeServer& server) {
  auto found = server.files.list("/web/.well-known/acme-challenge");
  return found ? *found : std::vector<std::string>();
}

}  // namespace

TEST_CASE("acme: what the server does not decide for minutes is left to the caller, and nothing stays behind") {
  AcmeServer server;
  permissions(server, {AcmeServer::authorization_json("pending")});
  const auto status = must(server.issuer()->poll(k_any, k_ref, server.order()));
  REQUIRE(std::holds_alternative<OrderPending>(status));
  CHECK(server.clock.now() > k_now + 4min);
  CHECK(server.clock.now() < k_now + 6min);
  CHECK(files_shown(server).empty());
}

TEST_CASE("acme: a refusal has the server's words for the name, and the way to look at it") {
  AcmeServer server;
  permissions(
      server,
      {AcmeServer::authorization_json("pending"),
       AcmeServer::authorization_json(
           "invalid", "sip.example.com",
           R"(,"error":{"type":"urn:ietf:params:acme:error:unauthorized","detail":"found \"<html>\u001b[31m\""})")});
  const auto error = error_of(server.issuer()->poll(k_any, k_ref, server.order()));
  CHECK(error.code == ErrorCode::rejected);
  CHECK(error.summary == R"(the authority did not find the proof for "sip.example.com")");
  CHECK(error.detail.find("http-01: ") == 0);
  CHECK(error.detail.find('\x1b') == std::string::npos);
  REQUIRE(error.hints.size() == 1);
  CHECK(error.hints.front() == "port 80 of sip.example.com must lead to this machine");
  CHECK(files_shown(server).empty());
}

TEST_CASE("acme: each of two names that are refused is told") {
  AcmeServer server;
  permissions(server, {AcmeServer::authorization_json("pending"), AcmeServer::authorization_json("invalid")});
  server.routes["order/1"] = [](const Heard&) {
    return Reply{200, R"({"status":"pending","finalize":")" + k_place + R"(f","authorizations":[")" + k_place +
                          R"(authz/1",")" + k_place + R"(authz/2"]})"};
  };
  server.routes["authz/2"] = [at = 0](const Heard&) mutable {
    return Reply{200, AcmeServer::authorization_json(at++ == 0 ? "pending" : "invalid", "edge.example.com")};
  };
  auto order = server.order();
  order.names.emplace_back("Edge.example.com");
  const auto error = error_of(server.issuer()->poll(k_any, k_ref, order));
  REQUIRE(error.causes.size() == 1);
  CHECK(error.causes.front().summary.find("edge.example.com") != std::string::npos);
}

TEST_CASE("acme: a permission that has ended ends the order, and not the request") {
  for (const auto* status : {"expired", "deactivated", "revoked"}) {
    AcmeServer server;
    permissions(server, {AcmeServer::authorization_json(status)});
    const auto error = gone_of(server.issuer()->poll(k_any, k_ref, server.order()));
    CHECK(error.summary.find(status) != std::string::npos);
  }
}

TEST_CASE("acme: a server has nothing written but proofs for names that were ordered") {
  AcmeServer server;
  SECTION("another name") { permissions(server, {AcmeServer::authorization_json("pending", "bank.example")}); }
  SECTION("a path for a token") {
    auto body = AcmeServer::authorization_json("pending");
    for (auto at = body.find(k_token); at != std::string::npos; at = body.find(k_token))
      body.replace(at, k_token.size(), "../../../../../etc/cron.d/now");
    permissions(server, {body});
  }
  CHECK(error_of(server.issuer()->poll(k_any, k_ref, server.order())).code == ErrorCode::protocol);
  CHECK(files_shown(server).empty());
  CHECK(server.count("challenge/http-01") == 0);
}

TEST_CASE("acme: a webroot that cannot be written to says what to do, and is no word about the order") {
  AcmeServer server;
  must(server.files.replace("/web/.well-known", "a file", 0644));
  for (int run = 0; run < 3; ++run) {
    permissions(server, {AcmeServer::authorization_json("pending")});
    const auto error = error_of(server.issuer()->poll(k_any, k_ref, server.order()));
    CHECK(error.summary.find("/web/.well-known: Not a directory") != std::string::npos);
    REQUIRE_FALSE(error.hints.empty());
    CHECK(error.hints.back().find("trunkform apply again, which goes on with the order") != std::string::npos);
  }
  CHECK(server.count("challenge/http-01") == 0);
  must(server.files.remove("/web/.well-known"));
  permissions(server, {AcmeServer::authorization_json("pending")});
  CHECK(std::holds_alternative<OrderPending>(must(server.issuer()->poll(k_any, k_ref, server.order()))));
}

TEST_CASE("acme: a folder that the operator did not allow is not written to") {
  AcmeServer server;
  server.arguments["http_01.webroot"] = "/etc";
  permissions(server, {AcmeServer::authorization_json("pending")});
  CHECK(error_of(server.issuer()->poll(k_any, k_ref, server.order())).code == ErrorCode::untrusted);
}

TEST_CASE("acme: two issuers that listen at one address at once share a listener, which goes with the last proof") {
  const auto address = "127.0.0.1:" + std::to_string(must(platform::PathServer::start("127.0.0.1:0", {}))->port());
  AcmeServer first, second;
  second.listeners = first.listeners;
  second.secrets["file:account.pem"] = testing::Key::make().text();
  for (auto* server : {&first, &second}) {
    server->arguments.erase("http_01.webroot");
    server->arguments["http_01.listen"] = address;
  }
  permissions(first, {AcmeServer::authorization_json("pending"), AcmeServer::authorization_json("invalid")});
  auto other = AcmeServer::authorization_json("pending");
  const auto other_token = std::string("ABCDEFGHIJKLMNOPQRSTUVWX");
  for (auto at = other.find(k_token); at != std::string::npos; at = other.find(k_token))
    other.replace(at, k_token.size(), other_token);
  permissions(second, {other, AcmeServer::authorization_json("invalid")});
  platform::SystemClock real_clock;
  const auto client = platform::make_curl_client({}, real_clock);
  const auto shown = [&](const std::string& token) {
    HttpRequest request;
    request.url = "http://" + address + "/.well-known/acme-challenge/" + token;
    const auto answer = client->send({}, request);
    return answer ? answer->body : "nobody listens";
  };
  second.routes["challenge/http-01"] = [&](const Heard&) {
    CHECK(shown(k_token).starts_with(k_token + "."));
    CHECK(shown(other_token).starts_with(other_token + "."));
    return Reply{};
  };
  first.routes["challenge/http-01"] = [&](const Heard&) {
    CHECK(error_of(second.issuer()->poll(k_any, k_ref, second.order())).code == ErrorCode::rejected);
    CHECK(shown(k_token).starts_with(k_token + "."));
    CHECK(shown(other_token).empty());
    return Reply{};
  };
  CHECK(error_of(first.issuer()->poll(k_any, k_ref, first.order())).code == ErrorCode::rejected);
  CHECK(second.count("challenge/http-01") == 1);
  CHECK(shown(k_token) == "nobody listens");
}

TEST_CASE("acme: a link in the folder needs a line for where it leads") {
  AcmeServer server;
  permissions(server, {AcmeServer::authorization_json("pending")});
  must(server.files.create_directories("/elsewhere/acme-challenge"));
  SECTION("its last part") {
    must(server.files.create_directories("/web/.well-known"));
    must(server.files.replace_link("/web/.well-known/acme-challenge", "/elsewhere"));
  }
  SECTION("the part before") { must(server.files.replace_link("/web/.well-known", "/elsewhere")); }
  const auto error = error_of(server.issuer()->poll(k_any, k_ref, server.order()));
  CHECK(error.code == ErrorCode::untrusted);
  CHECK(error.summary == "/web/.well-known/acme-challenge is not trusted");
  CHECK(server.count("challenge/http-01") == 0);
}

TEST_CASE("acme: a link in the folder of the web server leads no proof to where the operator allowed none") {
  AcmeServer server;
  must(server.files.create_directories("/elsewhere/acme-challenge"));
  must(server.files.create_directories("/web/.well-known"));
  // What a server calls its proof could be the name of somebody's file.
  const std::string theirs = "/elsewhere/acme-challenge/" + k_token;
  must(server.files.replace(theirs, "somebody's", 0600));
  SECTION("its last folder") {
    must(server.files.replace_link("/web/.well-known/acme-challenge", "/elsewhere/acme-challenge"));
  }
  SECTION("the one before") {
    must(server.files.remove("/web/.well-known"));
    must(server.files.replace_link("/web/.well-known", "/elsewhere"));
  }
  permissions(server, {AcmeServer::authorization_json("pending")});
  CHECK(error_of(server.issuer()->poll(k_any, k_ref, server.order())).code == ErrorCode::untrusted);
  CHECK(server.count("challenge/http-01") == 0);
  CHECK(must(server.files.read(theirs, 100)) == "somebody's");
}

TEST_CASE("acme: a hook that the operator did not allow does not run, and who allows it is told what a line needs") {
  AcmeServer server;
  server.arguments.erase("http_01.webroot");
  server.arguments["dns_01.hook"] = R"(["/opt/dns hook","--zone","'; touch x; '"])";
  auto around = server.surroundings();
  around.may.program = [](const std::vector<std::string>&,
                          const std::vector<std::string>& line) -> Result<ProgramRequest> {
    CHECK(line == std::vector<std::string>{"/opt/dns hook", "--zone", "'; touch x; '", "*", "*", "*"});
    return Error(ErrorCode::untrusted, "it may not run");
  };
  permissions(server, {AcmeServer::authorization_json("pending")});
  const auto issuer = must(acme::make(server.arguments, around));
  const auto error = error_of(issuer->poll(k_any, k_ref, server.order()));
  CHECK(error.code == ErrorCode::untrusted);
  CHECK(error.hints.empty());
  CHECK(server.hooks.runs.empty());
  CHECK(server.count("challenge/dns-01") == 0);
}

TEST_CASE("acme: a hook writes the record that the server looks for, waits, and takes it away whatever comes") {
  AcmeServer server;
  server.arguments.erase("http_01.webroot");
  server.arguments["dns_01.hook"] = R"(["/opt/dns/hook","--zone","example.com"])";
  server.arguments["dns_01.wait"] = "45s";
  permissions(server, {AcmeServer::authorization_json("pending"), AcmeServer::authorization_json("invalid")});
  server.routes["challenge/dns-01"] = [&](const Heard&) {
    CHECK(server.clock.now() == k_now + 45s);
    CHECK(server.hooks.runs.size() == 1);
    return Reply{};
  };
  SECTION("it works") {
    CHECK(error_of(server.issuer()->poll(k_any, k_ref, server.order())).code == ErrorCode::rejected);
    CHECK(server.count("challenge/dns-01") == 1);
  }
  SECTION("it fails") {
    server.hooks.end = {3, 0, "the zone is locked\x1b[0m"};
    const auto error = error_of(server.issuer()->poll(k_any, k_ref, server.order()));
    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.summary == R"(the hook of dns_01 ended with status 3 for "_acme-challenge.sip.example.com")");
    CHECK(error.detail.find('\x1b') == std::string::npos);
    CHECK(server.count("challenge/dns-01") == 0);
  }
  REQUIRE(server.hooks.runs.size() == 2);
  auto run = server.hooks.runs[0];
  REQUIRE(run.size() == 6);
  CHECK(run[5].size() == 43);
  CHECK(run == std::vector<std::string>{"/opt/dns/hook", "--zone", "example.com", "present",
                                        "_acme-challenge.sip.example.com", run[5]});
  run[3] = "cleanup";
  CHECK(server.hooks.runs[1] == run);
}

TEST_CASE("acme: a name with a wildcard needs dns-01, and its record is that of the name beneath it") {
  AcmeServer server;
  auto body = AcmeServer::authorization_json("pending");
  body.insert(1, R"("wildcard":true,)");
  auto order = server.order();
  order.names = {"*.sip.example.com"};
  SECTION("with both, what the server offers decides") {
    server.arguments["dns_01.hook"] = R"(["/opt/dns/hook"])";
    const auto http = body.find(R"({"type":"http-01")");
    body.erase(http, body.find(R"({"type":"dns-01")") - http);
    permissions(server, {body, AcmeServer::authorization_json("valid")});
    server.routes["order/1"] = [at = 0](const Heard&) mutable {
      return Reply{200, AcmeServer::order_json(at++ == 0 ? "pending" : "processing")};
    };
    must(server.issuer()->poll(k_any, k_ref, order));
    REQUIRE(server.hooks.runs.size() == 2);
    CHECK(server.hooks.runs[0][2] == "_acme-challenge.sip.example.com");
  }
  SECTION("without") {
    const auto http = body.find(R"({"type":"http-01")");
    body.erase(http, body.find(R"({"type":"dns-01")") - http);
    permissions(server, {body});
    const auto error = error_of(server.issuer()->poll(k_any, k_ref, order));
    CHECK(error.code == ErrorCode::invalid_input);
    CHECK(error.detail == R"(the authority offers "tls-alpn-01", "dns-01")");
  }
}

TEST_CASE("acme: a run that is stopped takes away what it presented") {
  AcmeServer server;
  permissions(server, {AcmeServer::authorization_json("pending")});
  std::stop_source stop;
  server.routes["challenge/http-01"] = [&](const Heard&) {
    CHECK(files_shown(server).size() == 1);
    stop.request_stop();
    return Reply{};
  };
  const auto error = error_of(server.issuer()->poll({{}, stop.get_token()}, k_ref, server.order()));
  CHECK(error.code == ErrorCode::cancelled);
  CHECK(files_shown(server).empty());
}

TEST_CASE("acme: a proof that an earlier run announced is presented again, and not announced again") {
  AcmeServer server;
  auto body = AcmeServer::authorization_json("pending");
  body.replace(body.find(R"("status":"pending"})", body.find("http-01")), 19, R"("status":"processing"})");
  permissions(server, {body, AcmeServer::authorization_json("invalid")});
  CHECK(error_of(server.issuer()->poll(k_any, k_ref, server.order())).code == ErrorCode::rejected);
  CHECK(server.count("challenge/http-01") == 0);
}
