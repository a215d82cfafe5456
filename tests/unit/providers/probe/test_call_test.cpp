// The test call against a peer that does what the test says: every end that a call can have, and what is sent for it.
#include <functional>
#include <mutex>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "providers/platform/simulated/random.hpp"
#include "tests/unit/providers/probe/call_peer.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::testing;

TEST_CASE("a call that is answered is acknowledged in a transaction of its own and hung up, along the recorded route") {
  const auto called = call([](Peer& peer) {
    const auto invite = peer.read();
    peer.answer(invite, "100 Trying", {}, "");
    peer.answer(invite, "180 Ringing", k_contact);
    peer.answer(
        invite, "200 OK",
        std::string("Record-Route: <sips:near@192.0.2.1;lr>\r\nRecord-Route: <sips:far@192.0.2.2;lr>\r\n") + k_contact);
    agree(peer);
  });
  REQUIRE(called.outcome);
  CHECK(called.outcome->status == 200);
  CHECK(called.outcome->reason == "OK");
  CHECK(called.outcome->provisional == 180);
  CHECK(called.outcome->hung_up);
  CHECK_FALSE(called.outcome->cancelled);
  CHECK(called.outcome->address.starts_with("127.0.0.1:"));
  REQUIRE(called.methods() == Methods{"INVITE", "ACK", "BYE"});
  const auto& invite = called.heard[0];
  const auto& ack = called.heard[1];
  const auto& bye = called.heard[2];
  CHECK(uri_of(invite) == "sips:echo@example.com");
  CHECK(value_of(invite, "CSeq") == "1 INVITE");
  CHECK(value_of(invite, "To") == "<sips:echo@example.com>");
  CHECK(branch_of(invite).starts_with("z9hG4bK"));
  CHECK(value_of(invite, "Contact").starts_with("<sips:trunkform@127.0.0.1:"));
  CHECK(value_of(invite, "Content-Type") == "application/sdp");
  for (const auto& message : {ack, bye}) {
    CHECK(uri_of(message) == "sips:phone@192.0.2.7:5061");
    CHECK(value_of(message, "Route") == "<sips:far@192.0.2.2;lr>");
    CHECK(message.find("far@") < message.find("near@"));
    CHECK(value_of(message, "To") == "<sips:echo@example.com>;tag=peer");
    CHECK(value_of(message, "From") == value_of(invite, "From"));
    CHECK(value_of(message, "Call-ID") == value_of(invite, "Call-ID"));
    CHECK(branch_of(message) != branch_of(invite));
    CHECK(message.find("v=0") == std::string::npos);
  }
  CHECK(branch_of(ack) != branch_of(bye));
  CHECK(value_of(ack, "CSeq") == "1 ACK");
  CHECK(value_of(bye, "CSeq") == "2 BYE");
}

TEST_CASE("the offer has one stream for those who want SRTP and one for those who know none, and sends nothing") {
  const auto called = call([](Peer& peer) { peer.answer(peer.read(), "486 Busy Here"); });
  const auto& invite = called.heard.at(0);
  const auto sdp = invite.substr(invite.find("\r\n\r\n") + 4);
  CHECK(value_of(invite, "Content-Length") == std::to_string(sdp.size()));
  CHECK(sdp.starts_with("v=0\r\no=trunkform "));
  for (const auto* part : {"c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/SAVP 0 8\r\n",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:", "a=inactive\r\nm=audio 9 RTP/AVP 0 8\r\n"})
    CHECK(sdp.find(part) != std::string::npos);
  CHECK(sdp.ends_with("a=inactive\r\n"));
}

TEST_CASE("a refusal is acknowledged in the same transaction, and that is the end") {
  for (const auto* answer : {"486 Busy Here", "603 Decline", "404 Not Found", "503 Service Unavailable",
                             "407 Proxy Authentication Required", "302 Moved Temporarily"}) {
    const auto called = call([&](Peer& peer) {
      const auto invite = peer.read();
      peer.answer(invite, answer);
      peer.answer(invite, answer);
    });
    REQUIRE(called.outcome);
    CHECK(fmt::format("{} {}", called.outcome->status, called.outcome->reason) == answer);
    REQUIRE(called.methods() == Methods{"INVITE", "ACK"});
    CHECK(branch_of(called.heard[1]) == branch_of(called.heard[0]));
    CHECK(uri_of(called.heard[1]) == uri_of(called.heard[0]));
    CHECK(value_of(called.heard[1], "CSeq") == "1 ACK");
    CHECK(value_of(called.heard[1], "To") == "<sips:echo@example.com>;tag=peer");
  }
}

TEST_CASE("a call that only rings is cancelled when its time is over, and the 487 is acknowledged") {
  CallPolicy policy;
  policy.timeout = 300ms;
  const auto called = call(
      [](Peer& peer) {
        const auto invite = peer.read();
        peer.answer(invite, "180 Ringing");
        const auto cancel = peer.read();
        peer.answer(cancel, "200 OK", {}, "");
        peer.answer(invite, "487 Request Terminated");
      },
      policy);
  REQUIRE(called.outcome);
  CHECK(called.outcome->status == 0);
  CHECK(called.outcome->provisional == 180);
  CHECK(called.outcome->cancelled);
  REQUIRE(called.methods() == Methods{"INVITE", "CANCEL", "ACK"});
  CHECK(branch_of(called.heard[1]) == branch_of(called.heard[0]));
  CHECK(value_of(called.heard[1], "CSeq") == "1 CANCEL");
  CHECK(value_of(called.heard[1], "To") == "<sips:echo@example.com>");
  CHECK(branch_of(called.heard[2]) == branch_of(called.heard[0]));
}

TEST_CASE("an answer that crosses the CANCEL is hung up") {
  CallPolicy policy;
  policy.timeout = 300ms;
  const auto called = call(
      [](Peer& peer) {
        const auto invite = peer.read();
        peer.answer(invite, "180 Ringing");
        const auto cancel = peer.read();
        peer.answer(invite, "200 OK", k_contact);
        peer.answer(cancel, "481 Call Does Not Exist", {}, "");
        agree(peer);
      },
      policy);
  CHECK(called.methods() == Methods{"INVITE", "CANCEL", "ACK", "BYE"});
  CHECK(called.outcome.value().cancelled);
}

TEST_CASE("ringing is enough where 180 is accepted: cancelled at once") {
  CallPolicy policy;
  policy.accept = {180, 200};
  const auto called = call(
      [](Peer& peer) {
        const auto invite = peer.read();
        peer.answer(invite, "180 Ringing");
        peer.answer(peer.read(), "200 OK", {}, "");
        peer.answer(invite, "487 Request Terminated");
      },
      policy);
  REQUIRE(called.outcome);
  CHECK(called.outcome->provisional == 180);
  CHECK(called.outcome->took < 3s);
  CHECK(called.methods() == Methods{"INVITE", "CANCEL", "ACK"});
}

TEST_CASE("before any provisional answer nothing is cancelled: the outcome says that nobody answered") {
  CallPolicy policy;
  policy.timeout = 300ms;
  const auto called = call([](Peer& peer) { peer.read(); }, policy);
  REQUIRE(called.outcome);
  CHECK(called.outcome->status == 0);
  CHECK(called.outcome->provisional == 0);
  CHECK_FALSE(called.outcome->cancelled);
  CHECK(called.methods() == Methods{"INVITE"});
}

TEST_CASE("forks that answer together are each hung up, and a 2xx that comes again is acknowledged again") {
  const auto called = call([](Peer& peer) {
    const auto invite = peer.read();
    peer.answer(invite, "200 OK", k_contact, "one");
    peer.answer(invite, "200 OK", k_contact, "one");
    peer.answer(invite, "200 OK", k_contact, "two");
    for (int i = 0; i < 5; ++i) {
      const auto request = peer.read();
      if (method_of(request) == "BYE" && value_of(request, "To").ends_with("two")) peer.answer(request, "200 OK");
    }
  });
  REQUIRE(called.outcome);
  CHECK(called.outcome->hung_up);
  auto methods = called.methods();
  CHECK(std::count(methods.begin(), methods.end(), "ACK") == 3);
  CHECK(std::count(methods.begin(), methods.end(), "BYE") == 2);
}

TEST_CASE("requests of the peer's own are answered on the way, and answers to others' are not ours") {
  const auto called = call([](Peer& peer) {
    const auto invite = peer.read();
    peer.say(
        "OPTIONS sips:trunkform@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.9;branch=z9hG4bKq\r\nFrom: "
        "<sips:x@example.com>;tag=1\r\nTo: <sips:trunkform@127.0.0.1>\r\nCall-ID: theirs\r\nCSeq: 7 "
        "OPTIONS\r\nContent-Length: 0\r\n\r\n");
    auto stranger = invite;
    const auto id = value_of(invite, "Call-ID");
    stranger.replace(stranger.find(id), id.size(), "another");
    peer.answer(stranger, "200 OK", k_contact);
    auto late = invite;
    const auto branch = branch_of(invite);
    late.replace(late.find(branch), branch.size(), "z9hG4bKanother");
    peer.answer(late, "603 Decline");
    peer.read();
    peer.answer(invite, "486 Busy Here");
  });
  REQUIRE(called.outcome);
  CHECK(called.outcome->status == 486);
  REQUIRE(called.heard.size() == 3);
  CHECK(called.heard[1].starts_with("SIP/2.0 200 "));
  CHECK(value_of(called.heard[1], "Call-ID") == "theirs");
  CHECK(method_of(called.heard[2]) == "ACK");
}

TEST_CASE("the peer's own BYE is agreed to, and one that nobody answers is told") {
  const auto called = call([](Peer& peer) {
    const auto invite = peer.read();
    peer.answer(invite, "200 OK", k_contact);
    peer.read();
    const auto bye = peer.read();
    peer.say(
        fmt::format("BYE sips:trunkform@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS 192.0.2.9;branch=z9hG4bKb\r\nFrom: "
                    "<sips:echo@example.com>;tag=peer\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: 1 BYE\r\nContent-Length: "
                    "0\r\n\r\n",
                    value_of(invite, "From"), value_of(invite, "Call-ID")));
    peer.read();
    peer.answer(bye, "481 Call Does Not Exist");
  });
  REQUIRE(called.outcome);
  CHECK(called.outcome->status == 200);
  CHECK_FALSE(called.outcome->hung_up);
  CHECK(called.heard.back().starts_with("SIP/2.0 200 "));
}

TEST_CASE("a stop while it rings is an error, and the call is cancelled all the same") {
  std::stop_source stop;
  const auto called = call(
      [&](Peer& peer) {
        const auto invite = peer.read();
        peer.answer(invite, "180 Ringing");
        stop.request_stop();
        peer.answer(peer.read(), "200 OK", {}, "");
        peer.answer(invite, "487 Request Terminated");
      },
      {}, {std::nullopt, stop.get_token()});
  REQUIRE_FALSE(called.outcome);
  CHECK(called.outcome.error().code == ErrorCode::cancelled);
  CHECK(called.methods() == Methods{"INVITE", "CANCEL", "ACK"});
}

TEST_CASE("a close, garbage and a flood instead of an answer are errors, and what rang is cancelled") {
  const auto flood = call([](Peer& peer) {
    const auto invite = peer.read();
    for (int i = 0; i < 100; ++i) peer.answer(invite, "183 Session Progress");
    peer.answer(invite, "200 OK", k_contact);
  });
  CHECK(flood.outcome.error().code == ErrorCode::protocol);
  CHECK(std::count_if(flood.heard.begin(), flood.heard.end(),
                      [](const auto& message) { return method_of(message) == "CANCEL"; }) == 1);
  for (const auto* bytes : {"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n",
                            "SIP/2.0 200 OK\r\nContent-Length: 70000\r\n\r\n", "\r\n\r\nSIP/2.0 x\r\nl: 0\r\n\r\n"}) {
    const auto garbage = call([&](Peer& peer) {
      peer.read();
      peer.say(bytes);
    });
    INFO(bytes);
    CHECK(garbage.outcome.error().code == ErrorCode::protocol);
  }
}

TEST_CASE("answers with random bytes in them end within their bounds, whatever they are taken for") {
  platform::SeededRandom random(11);
  for (int round = 0; round < 100; ++round) {
    const auto called = call(
        [&](Peer& peer) {
          const auto invite = peer.read();
          std::string text = "SIP/2.0 200 OK\r\n";
          for (const auto* name : {"Via", "From", "To", "Call-ID", "CSeq"})
            text += std::string(name) + ": " + value_of(invite, name) + "\r\n";
          text += std::string(k_contact) + "Record-Route: <sips:a;lr>\r\nContent-Length: 0\r\n\r\n";
          for (auto left = 1 + random.below(6); left > 0; --left)
            text[random.below(text.size())] = static_cast<char>(random.below(256));
          peer.say(text);
        },
        {}, {}, Afterwards::closes);
    if (called.outcome) CHECK(called.outcome->status <= 699);
  }
}

TEST_CASE("a call to a sip URI says sip of itself, and who calls is who was named") {
  CallPolicy policy;
  policy.to = "sip:+15551234567@carrier.example.com";
  policy.from = "sip:+15557654321@example.com";
  const auto called = call([](Peer& peer) { peer.answer(peer.read(), "486 Busy Here"); }, policy);
  const auto& invite = called.heard.at(0);
  CHECK(uri_of(invite) == "sip:+15551234567@carrier.example.com");
  CHECK(value_of(invite, "From").starts_with("<sip:+15557654321@example.com>;tag="));
  CHECK(value_of(invite, "Contact").starts_with("<sip:trunkform@127.0.0.1:"));
  CHECK(value_of(invite, "Contact").ends_with(";transport=tls>"));
}

TEST_CASE("a party that would add a header to the message is no call") {
  CallPolicy policy;
  policy.to = "sips:a@b\r\nX: y";
  CHECK(call([](Peer&) {}, policy).outcome.error().code == ErrorCode::invalid_input);
}
