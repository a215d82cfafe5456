// Orders: from the first request to the certificate, and where it does not come to that.
#include <fmt/format.h>

#include "providers/issuers/acme/chains.hpp"
#include "tests/unit/providers/issuers/acme_server.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::issuers;
using namespace trunkform::issuers::samples;

namespace {

/// An order in one state after the other; the last stays.
AcmeServer::Route states(std::vector<Reply> replies) {
  return [replies = std::move(replies), at = std::size_t{0}](const Heard&) mutable {
    return replies[std::min(at++, replies.size() - 1)];
  };
}

Reply state(const std::string& status, const std::string& more = {}) {
  return {200, AcmeServer::order_json(status, more)};
}

void give_certificate(AcmeServer& server, const std::string& path = "cert/1") {
  server.routes[path] = [pem = server.family().chain_pem()](const Heard& heard) {
    CHECK(heard.payload.empty());
    return Reply{200, pem};
  };
}

bool is_pending(const OrderStatus& status) { return std::holds_alternative<OrderPending>(status); }

}  // namespace

TEST_CASE("acme: an order is placed, proven, finalized and fetched, each step once") {
  AcmeServer server;
  server.routes["order/1"] = states({state("pending"), state("ready"), state("valid")});
  server.routes["authz/1"] =
      states({{200, AcmeServer::authorization_json("pending")}, {200, AcmeServer::authorization_json("valid")}});
  server.routes["challenge/http-01"] = [&](const Heard& heard) {
    CHECK(heard.payload == "{}");
    const auto shown = must(static_cast<FileSystem&>(server.files).read("/web/.well-known/acme-challenge/" + k_token));
    CHECK(shown.starts_with(k_token + "."));
    CHECK(shown.size() == k_token.size() + 1 + 43);
    return Reply{};
  };
  server.routes["finalize/1"] = [](const Heard&) { return state("processing"); };
  give_certificate(server);
  const auto issuer = server.issuer();
  const auto submitted = must(issuer->submit(k_any, server.order()));
  CHECK(std::get<OrderPending>(submitted).ref == k_ref);
  CHECK(server.payload("new-order") == R"({"identifiers":[{"type":"dns","value":"sip.example.com"}]})");
  const auto issued = must(issuer->poll(k_any, k_ref, server.order()));
  CHECK(std::get<OrderIssued>(issued).certificates_pem == server.family().chain_pem());
  CHECK(server.payload("finalize/1") == R"({"csr":"Y3Ny"})");
  CHECK(server.count("challenge/http-01") == 1);
  CHECK(server.count("finalize/1") == 1);
  CHECK(must(server.files.list("/web/.well-known/acme-challenge")).empty());
}

TEST_CASE("acme: a poll of an order that is signed fetches it again, and proves nothing") {
  AcmeServer server;
  server.routes["order/1"] = states({state("valid")});
  give_certificate(server);
  const auto issuer = server.issuer();
  for (int again = 0; again < 2; ++again) CHECK_FALSE(is_pending(must(issuer->poll(k_any, k_ref, server.order()))));
  CHECK(server.count("authz/1") == 0);
  CHECK(server.count("new-account") == 1);
}

TEST_CASE("acme: while the server signs, a poll waits as it asks, and not for long") {
  AcmeServer server;
  give_certificate(server);
  auto slow = state("processing");
  SECTION("seconds") {
    slow.headers = {{"Retry-After", "2"}};
    server.routes["order/1"] = states({slow, slow, state("valid")});
    CHECK_FALSE(is_pending(must(server.issuer()->poll(k_any, k_ref, server.order()))));
    CHECK(server.clock.now() >= k_now + 4s);
  }
  SECTION("an hour") {
    slow.headers = {{"Retry-After", "3600"}};
    server.routes["order/1"] = states({slow});
    const auto status = must(server.issuer()->poll(k_any, k_ref, server.order()));
    REQUIRE(is_pending(status));
    CHECK(std::get<OrderPending>(status).ref == k_ref);
    CHECK(std::get<OrderPending>(status).retry_after == 1h);
    CHECK(server.clock.now() < k_now + 1min);
  }
  SECTION("no time at all") {
    slow.headers = {{"Retry-After", "0"}};
    server.routes["order/1"] = states({slow});
    CHECK(is_pending(must(server.issuer()->poll(k_any, k_ref, server.order()))));
    CHECK(server.clock.now() <= k_now + 20s);
    CHECK(server.count("order/1") < 20);
  }
  SECTION("it does not say") {
    server.routes["order/1"] = states({slow});
    const auto status = must(server.issuer()->poll(k_any, k_ref, server.order()));
    REQUIRE(is_pending(status));
    CHECK(server.clock.now() <= k_now + 20s);
    CHECK(server.count("order/1") == 5);  // after 1, 3, 7 and 15 seconds
    CHECK(std::get<OrderPending>(status).retry_after == 16s);
  }
}

TEST_CASE("acme: a finalize that came through before is no error") {
  AcmeServer server;
  server.routes["order/1"] = states({state("ready"), state("valid")});
  server.routes["finalize/1"] = [](const Heard&) { return AcmeServer::problem(403, "orderNotReady"); };
  give_certificate(server);
  CHECK_FALSE(is_pending(must(server.issuer()->poll(k_any, k_ref, server.order()))));
}

TEST_CASE("acme: an order that is over says why, and whether another may be made of the same request") {
  AcmeServer server;
  const auto issuer = server.issuer();
  SECTION("refused") {
    server.routes["order/1"] = states({state(
        "invalid",
        R"(,"error":{"type":"urn:ietf:params:acme:error:caa","detail":"CAA forbids","subproblems":[{"type":"urn:ietf:params:acme:error:caa","detail":"other authority","identifier":{"type":"dns","value":"b.example"}}]})")});
    const auto error = error_of(issuer->poll(k_any, k_ref, server.order()));
    CHECK(error.code == ErrorCode::rejected);
    CHECK(error.detail == R"("caa": "CAA forbids"; "b.example": "caa": "other authority")");
    CHECK(error.hints.front().find("dig CAA") != std::string::npos);
  }
  SECTION("refused for the request itself") {
    const auto* type = GENERATE("badCSR", "rejectedIdentifier", "badPublicKey", "unsupportedIdentifier");
    server.routes["order/1"] = states(
        {state("invalid", fmt::format(R"(,"error":{{"type":"urn:ietf:params:acme:error:{}","detail":"no"}})", type))});
    CHECK(error_of(issuer->poll(k_any, k_ref, server.order())).code == ErrorCode::rejected);
  }
  SECTION("lapsed") {
    server.clock.advance(24h * 8);
    server.routes["order/1"] = states({state("invalid")});
    CHECK(gone_of(issuer->poll(k_any, k_ref, server.order())).summary == "the order has lapsed");
  }
  SECTION("forgotten") {
    CHECK(gone_of(issuer->poll(k_any, k_ref, server.order())).summary == "the order cannot be read");
  }
  SECTION("gone") {
    const auto gone = [](const Heard&) { return AcmeServer::problem(410, "malformed", "gone"); };
    const auto ends = [&] {
      return std::holds_alternative<OrderGone>(must(issuer->poll(k_any, k_ref, server.order())));
    };
    server.routes["order/1"] = gone;
    CHECK(ends());
    server.routes["order/1"] = [](const Heard&) { return Reply{200, AcmeServer::order_json("pending")}; };
    server.routes["authz/1"] = gone;
    CHECK(ends());
    server.routes["authz/1"] = states({{200, AcmeServer::authorization_json("pending")}});
    server.routes["challenge/http-01"] = gone;
    CHECK(ends());
    server.routes["challenge/http-01"] = [](const Heard&) { return Reply{}; };
    server.routes["authz/1"] =
        states({{200, AcmeServer::authorization_json("pending")}, AcmeServer::problem(410, "malformed", "gone")});
    CHECK(ends());
    server.routes["order/1"] = [](const Heard&) { return Reply{200, AcmeServer::order_json("ready")}; };
    server.routes["finalize/1"] = gone;
    CHECK(ends());
    server.routes["order/1"] = [](const Heard&) { return Reply{200, AcmeServer::order_json("valid")}; };
    server.routes["cert/1"] = gone;
    CHECK(ends());
  }
  SECTION("another account's") {
    const auto route = GENERATE(AcmeServer::problem(403, "unauthorized", "not yours"),
                                AcmeServer::problem(401, "unauthorized"), AcmeServer::problem(404, "malformed"));
    server.routes["order/1"] = states({route});
    const auto error = gone_of(issuer->poll(k_any, k_ref, server.order()));
    if (route.status == 404) return;
    REQUIRE(error.hints.size() == 2);
    CHECK(error.hints.back().ends_with("trunkform apply"));
  }
  SECTION("new terms that somebody has to agree to: it waits for that") {
    server.routes["order/1"] = states({AcmeServer::problem(403, "userActionRequired")});
    CHECK(error_of(issuer->poll(k_any, k_ref, server.order())).code == ErrorCode::denied);
  }
  SECTION("no order") {
    server.routes["order/1"] = [](const Heard&) { return Reply{200, "<html>"}; };
    CHECK(error_of(issuer->poll(k_any, k_ref, server.order())).code == ErrorCode::protocol);
  }
}

TEST_CASE("acme: a rate limit is told with its end, and not waited for") {
  AcmeServer server;
  server.routes["new-order"] = [](const Heard&) {
    auto reply = AcmeServer::problem(429, "rateLimited", "too many certificates for this set");
    reply.headers = {{"Retry-After", "3600"}};
    return reply;
  };
  const auto error = error_of(server.issuer()->submit(k_any, server.order()));
  CHECK(error.code == ErrorCode::throttled);
  REQUIRE(error.retry_after);
  CHECK(*error.retry_after >= 1h);
  CHECK(error.detail.find("too many certificates") != std::string::npos);
  CHECK(server.clock.now() < k_now + 1min);
}

TEST_CASE("acme: a limit is one under whichever status it comes") {
  for (const int status : {403, 503}) {
    AcmeServer server;
    server.routes["new-order"] = [&](const Heard&) {
      auto reply = AcmeServer::problem(status, "rateLimited");
      reply.headers = {{"Retry-After", "3600"}};
      return reply;
    };
    const auto error = error_of(server.issuer()->submit(k_any, server.order()));
    CHECK(error.code == ErrorCode::throttled);
    REQUIRE(error.retry_after);
    CHECK(*error.retry_after >= 1h);
  }
}

TEST_CASE("acme: a server that is busy for seconds is asked again") {
  AcmeServer server;
  auto busy = AcmeServer::problem(503, "serverInternal");
  busy.headers = {{"Retry-After", "5"}};
  server.routes["new-order"] = states({busy, {201, AcmeServer::order_json("pending"), {{"Location", k_ref}}}});
  must(server.issuer()->submit(k_any, server.order()));
  CHECK(server.count("new-order") == 2);
}

TEST_CASE("acme: a server that puts us off by a second each time is not asked for minutes") {
  AcmeServer server;
  auto busy = GENERATE(AcmeServer::problem(503, "serverInternal"), AcmeServer::problem(429, "rateLimited"));
  busy.headers = {{"Retry-After", "1"}};
  server.routes["new-order"] = states({busy});
  const auto error = error_of(server.issuer()->submit(k_any, server.order()));
  CHECK(error.code == (busy.status == 429 ? ErrorCode::throttled : ErrorCode::unavailable));
  CHECK(error.retry_after == Duration(1s));
  CHECK(error.detail.find("tried 11 times in") != std::string::npos);
  CHECK(server.count("new-order") == 11);
}

TEST_CASE("acme: nonces that are refused are replaced by the refusal's, within bounds") {
  AcmeServer server;
  const auto issuer = server.issuer();
  SECTION("a few") {
    server.refused_nonces = 15;
    must(issuer->submit(k_any, server.order()));
    CHECK(server.count("new-order") == 1);
    const auto sent = server.http.sent();
    // Asked for once: all others came with the refusals.
    CHECK(std::count_if(sent.begin(), sent.end(), [](const auto& one) { return one.method == "HEAD"; }) == 1);
  }
  SECTION("always") {
    server.refused_nonces = 1000;
    const auto error = error_of(issuer->submit(k_any, server.order()));
    CHECK(error.code == ErrorCode::unavailable);
    CHECK(error.summary == "the authority refused 20 nonces in a row");
  }
}

TEST_CASE("acme: what is sent to a host that the operator did not allow is not sent") {
  AcmeServer server;
  server.refused_hosts = {"evil.example"};
  const auto evil = std::string("https://evil.example/x");
  SECTION("an address of the directory") {
    server.directory({{"newOrder", "\"" + evil + "\""}});
    CHECK(error_of(server.issuer()->submit(k_any, server.order())).code == ErrorCode::untrusted);
  }
  SECTION("where nonces are") {
    server.directory({{"newNonce", "\"" + evil + "\""}});
    CHECK(error_of(server.issuer()->submit(k_any, server.order())).code == ErrorCode::untrusted);
  }
  SECTION("an order's") {
    server.routes["order/1"] = states({{200, R"({"status":"ready","finalize":")" + evil + "\"}"}});
    CHECK(error_of(server.issuer()->poll(k_any, k_ref, server.order())).code == ErrorCode::untrusted);
  }
  for (const auto& sent : server.http.sent()) CHECK(sent.url.find("evil") == std::string::npos);
}

TEST_CASE("acme: a directory that has changed is read again where an address of it is gone") {
  AcmeServer server;
  const auto issuer = server.issuer();
  must(issuer->submit(k_any, server.order()));
  server.routes["new-order-2"] = server.routes["new-order"];
  const int status = GENERATE(404, 405, 410);
  server.routes["new-order"] = [status](const Heard&) { return AcmeServer::problem(status, "malformed", "gone"); };
  server.directory({{"newOrder", "\"" + k_place + "new-order-2\""}});
  must(issuer->submit(k_any, server.order()));
  CHECK(server.count("dir") == 2);
  CHECK(server.count("new-order-2") == 1);
}

TEST_CASE("acme: profiles are those of the directory, lifetimes a moment of it, names what it can sign") {
  AcmeServer server;
  auto order = server.order();
  const auto issuer = server.issuer();
  SECTION("asked for") {
    order.profile = "short";
    order.lifetime = 24h;
    order.names = {"sip.example.com", "192.0.2.1"};
    must(issuer->submit(k_any, order));
    CHECK(server.payload("new-order") ==
          R"({"identifiers":[{"type":"dns","value":"sip.example.com"},{"type":"ip","value":"192.0.2.1"}],)"
          R"("profile":"short","notAfter":"2026-06-02T12:00:00Z"})");
  }
  SECTION("no such profile") {
    order.profile = "long";
    const auto error = error_of(issuer->submit(k_any, order));
    CHECK(error.code == ErrorCode::invalid_input);
    CHECK(error.detail == R"(it has "default", "short")");
  }
  SECTION("a name of SIP's") {
    order.names = {"sip:example.com"};
    CHECK(error_of(issuer->submit(k_any, order)).code == ErrorCode::invalid_input);
    CHECK(server.count("new-order") == 0);
  }
}

TEST_CASE("acme: an authority that takes no lifetime gives its own") {
  AcmeServer server;
  auto order = server.order();
  order.lifetime = 24h;
  const auto placed = server.routes["new-order"];
  const auto has = [](const Heard& heard, const char* name) { return heard.payload.find(name) != std::string::npos; };
  SECTION("by its word, or by the type that says the least") {
    const auto refusal =
        GENERATE(AcmeServer::problem(400, "malformed", "NotBefore and NotAfter are not supported"),
                 AcmeServer::problem(400, "malformed"), AcmeServer::problem(403, "rejectedIdentifier", "bad notAfter"));
    server.routes["new-order"] = [&](const Heard& heard) { return has(heard, "notAfter") ? refusal : placed(heard); };
    order.replaces_der = server.family().leaf.der;
    must(server.issuer()->submit(k_any, order));
    CHECK(server.count("new-order") == 2);
    CHECK(server.payload("new-order").find("replaces") != std::string::npos);
  }
  SECTION("what is replaced was what it did not like: the last try is without either") {
    server.routes["new-order"] = [&](const Heard& heard) {
      return has(heard, "replaces") ? AcmeServer::problem(400, "malformed") : placed(heard);
    };
    order.replaces_der = server.family().leaf.der;
    must(server.issuer()->submit(k_any, order));
    CHECK(server.count("new-order") == 3);
    CHECK(server.payload("new-order").find("notAfter") == std::string::npos);
  }
  SECTION("something else was: it is told") {
    server.routes["new-order"] = [&](const Heard&) { return AcmeServer::problem(400, "malformed", "no"); };
    CHECK(error_of(server.issuer()->submit(k_any, order)).code == ErrorCode::rejected);
    CHECK(server.count("new-order") == 2);
  }
  SECTION("something else was, of a renewal: each courtesy is left out once") {
    server.routes["new-order"] = [&](const Heard&) { return AcmeServer::problem(400, "malformed", "no"); };
    order.replaces_der = server.family().leaf.der;
    CHECK(error_of(server.issuer()->submit(k_any, order)).code == ErrorCode::rejected);
    CHECK(server.count("new-order") == 3);
  }
  SECTION("neither is to its liking, and it says so") {
    server.routes["new-order"] = [&](const Heard& heard) {
      if (has(heard, "notAfter")) return AcmeServer::problem(400, "malformed", "NotAfter is not supported");
      return has(heard, "replaces") ? AcmeServer::problem(409, "alreadyReplaced") : placed(heard);
    };
    order.replaces_der = server.family().leaf.der;
    must(server.issuer()->submit(k_any, order));
    CHECK(server.count("new-order") == 3);
  }
  SECTION("another refusal is none of its") {
    server.routes["new-order"] = [&](const Heard&) { return AcmeServer::problem(403, "rejectedIdentifier"); };
    CHECK(error_of(server.issuer()->submit(k_any, order)).code == ErrorCode::invalid_input);
    CHECK(server.count("new-order") == 1);
  }
}

TEST_CASE("acme: among other chains the one is taken that leads to the authority that is wanted") {
  AcmeServer server;
  server.routes["order/1"] = states({state("valid")});
  const auto other = testing::make_family(k_now);
  auto root = testing::root_request(k_now);
  root.common_name = "Other, Root";
  const auto other_root = testing::make_root(root);
  const auto other_intermediate = testing::make(testing::intermediate_request(k_now), other_root);
  const auto other_pem = server.family().leaf.pem + other_intermediate.pem;
  server.routes["cert/1"] = [&](const Heard&) {
    return Reply{200,
                 server.family().chain_pem(),
                 {{"Link", "<" + k_place + "dir>;rel=\"index\""},
                  {"Link", "<" + k_place + "cert/none>;rel=\"alternate\", </cert/2>; rel=alternate"}}};
  };
  server.routes["cert/none"] = [&](const Heard&) { return Reply{200, other.chain_pem()}; };
  server.routes["cert/2"] = [&](const Heard&) { return Reply{200, other_pem}; };
  SECTION("there is one") {
    server.arguments["preferred_chain"] = "Other, Root";
    const auto issued = must(server.issuer()->poll(k_any, k_ref, server.order()));
    CHECK(std::get<OrderIssued>(issued).certificates_pem == other_pem);
  }
  SECTION("there is none") {
    server.arguments["preferred_chain"] = "Nobody";
    const auto error = error_of(server.issuer()->poll(k_any, k_ref, server.order()));
    CHECK(error.code == ErrorCode::invalid_input);
    CHECK(error.detail.find("Other, Root") != std::string::npos);
  }
}
