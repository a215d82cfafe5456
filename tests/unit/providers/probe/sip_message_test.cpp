#include <catch2/catch.hpp>

#include "providers/probe/sip/message.hpp"

using namespace trunkform;
using namespace trunkform::probe;

namespace {
OptionsRequest request(const std::string& host) { return {host, 5061, "192.0.2.1:40000", "branch", "tag", "call"}; }
}  // namespace

TEST_CASE("an OPTIONS request has what RFC 3261 wants, with sips URIs that carry no port in From and To") {
  const auto text = options_message(request("sip.example.com")).value();
  CHECK(text.substr(0, text.find("\r\n")) == "OPTIONS sips:sip.example.com:5061 SIP/2.0");
  for (const auto* line : {"Via: SIP/2.0/TLS 192.0.2.1:40000;branch=z9hG4bKbranch;rport\r\n",
                           "From: <sips:trunkform@192.0.2.1>;tag=tag\r\n", "To: <sips:sip.example.com>\r\n",
                           "Contact: <sips:trunkform@192.0.2.1:40000>\r\n", "CSeq: 1 OPTIONS\r\n", "Call-ID: call\r\n",
                           "Max-Forwards: 70\r\n", "Content-Length: 0\r\n"}) {
    INFO(text);
    CHECK(text.find(line) != std::string::npos);
  }
  CHECK(text.substr(text.size() - 4) == "\r\n\r\n");
}

TEST_CASE("an address of version 6 has its brackets in an OPTIONS request, on either side") {
  auto six = request("2001:db8::1");
  six.local_address = "[2001:db8::2]:40000";
  const auto text = options_message(six).value();
  for (const auto* part : {"OPTIONS sips:[2001:db8::1]:5061 SIP/2.0\r\n", "Via: SIP/2.0/TLS [2001:db8::2]:40000;",
                           "From: <sips:trunkform@[2001:db8::2]>;tag=tag\r\n", "To: <sips:[2001:db8::1]>\r\n",
                           "Contact: <sips:trunkform@[2001:db8::2]:40000>\r\n"}) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("a host that would add to an OPTIONS request is refused") {
  for (const auto* host : {"", "a b", "a\r\nX: y", "a;b", "a>b"})
    CHECK(options_message(request(host)).error().code == ErrorCode::invalid_input);
}

TEST_CASE(
    "a message is framed by its Content-Length in long, short and odd spelling, and not before its head is whole") {
  CHECK(message_length("SIP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nabcd", 100).value() == 40U);
  CHECK(message_length("SIP/2.0 200 OK\r\nl:3\r\n\r\n", 100).value() == 26U);
  CHECK(message_length("\r\n\r\nSIP/2.0 200 OK\r\nCONTENT-LENGTH \t: 0\r\n\r\n", 100).value() == 43U);
  CHECK_FALSE(message_length("SIP/2.0 200 OK\r\nContent-Length: 3\r\n", 100).value().has_value());
  CHECK_FALSE(message_length("", 100).value().has_value());
  for (const auto* bad :
       {"SIP/2.0 200 OK\r\n\r\n", "X\r\nContent-Length: -1\r\n\r\n", "X\r\nContent-Length: 1x\r\n\r\n",
        "X\r\nContent-Length:\r\n\r\n", "X\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "X\r\nContent-Length: 101\r\n\r\n", "X\r\nContent-Length: 18446744073709551615\r\n\r\n"})
    CHECK(message_length(bad, 100).error().code == ErrorCode::protocol);
  CHECK_FALSE(message_length(std::string(101, 'x'), 100));
}

TEST_CASE("an answer gives status, method and Call-ID; anything else is a protocol error") {
  const auto answer = parse_answer(
                          "SIP/2.0 486 Busy Here\r\nVia: SIP/2.0/TLS a;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: "
                          "<sip:b.example.com>;tag=2\r\n"
                          "Call-ID: abc@host\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")
                          .value();
  CHECK(answer.status == 486);
  CHECK(answer.method == "OPTIONS");
  CHECK(answer.call_id == "abc@host");
  for (const auto* bad : {"", "\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n",
                          "SIP/2.0 x OK\r\nCSeq: 1 OPTIONS\r\nCall-ID: x\r\n\r\n"}) {
    INFO(bad);
    CHECK(parse_answer(bad).error().code == ErrorCode::protocol);
  }
}

TEST_CASE("a request of the peer's own is no answer and no error") {
  const auto seen = parse_answer(
      "OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/TLS a;branch=z9hG4bKx\r\nFrom: <sip:a@b.example.com>;tag=1\r\nTo: "
      "<sip:b.example.com>\r\n"
      "CSeq: 1 OPTIONS\r\nCall-ID: x\r\nContent-Length: 0\r\n\r\n");
  REQUIRE(seen);
  CHECK(seen->status == 0);
  CHECK(seen->call_id.empty());
}
