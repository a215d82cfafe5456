#include <catch2/catch.hpp>

#include "cmd/genesys_sim/sip/message.hpp"

using namespace trunkform::sim;

namespace {
std::string options_request(const std::string& id, const std::string& body = "") {
  return "OPTIONS sip:trunk@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TLS a;branch=z9hG4bK" + id +
         "\r\nvia: SIP/2.0/TLS b\r\nMax-Forwards: 70\r\nTo: <sip:trunk@127.0.0.1>\r\nf: <sip:me@x>;tag=1\r\nCall-ID: " +
         id + "\r\nCSeq: 1 OPTIONS\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}
}  // namespace

TEST_CASE("OPTIONS is answered with 200 and the fields that a client matches by") {
  const auto answer = answer_sip(options_request("c1"), "t");
  CHECK(answer ==
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS a;branch=z9hG4bKc1\r\nvia: SIP/2.0/TLS b\r\nTo: "
        "<sip:trunk@127.0.0.1>;tag=t\r\n"
        "f: <sip:me@x>;tag=1\r\nCall-ID: c1\r\nCSeq: 1 OPTIONS\r\nAllow: OPTIONS\r\nAccept: application/sdp\r\n"
        "Content-Length: 0\r\n\r\n");
}

TEST_CASE("other methods are not allowed, ACK and responses are not answered, a maimed request is bad") {
  auto invite = options_request("c");
  invite.replace(0, 7, "INVITE");
  CHECK(answer_sip(invite, "t").starts_with("SIP/2.0 405 "));
  auto ack = options_request("c");
  ack.replace(0, 7, "ACK");
  CHECK(answer_sip(ack, "t").empty());
  CHECK(answer_sip("SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", "t").empty());
  CHECK(answer_sip("OPTIONS sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n", "t").starts_with("SIP/2.0 400 "));
}

TEST_CASE("a stream is cut by Content-Length, however its bytes arrive") {
  const auto stream = "\r\n\r\n" + options_request("one", "v=0\r\n\r\nx") + "\r\n" + options_request("two");
  for (std::size_t step = 1; step <= stream.size(); step += 13) {
    SipFramer framer;
    std::vector<std::string> messages;
    for (std::size_t i = 0; i < stream.size(); i += step) {
      framer.push(stream.substr(i, step));
      while (auto message = framer.next()) messages.push_back(*message);
    }
    REQUIRE(messages.size() == 2);
    CHECK(messages[0] == options_request("one", "v=0\r\n\r\nx"));
    CHECK(messages[1] == options_request("two"));
  }
}

TEST_CASE("the compact length is understood; none, a wrong or a huge one breaks the stream") {
  SipFramer compact;
  compact.push("OPTIONS x SIP/2.0\r\nl : 2\r\n\r\nab");
  CHECK(compact.next()->ends_with("ab"));
  for (const std::string length :
       {"", "Content-Length: x\r\n", "Content-Length: -1\r\n", "Content-Length: 99999999\r\n"}) {
    SipFramer framer;
    framer.push("OPTIONS x SIP/2.0\r\n" + length + "\r\n");
    CHECK_FALSE(framer.next().has_value());
    CHECK(framer.broken());
  }
  SipFramer endless;
  endless.push(std::string(70'000, 'a'));
  CHECK_FALSE(endless.next().has_value());
  CHECK(endless.broken());
}
