// Records by signed updates: what is sent, and which answers are believed.
#include <fmt/format.h>

#include "providers/issuers/acme/dns_update.hpp"
#include "providers/issuers/acme/tsig.hpp"
#include "schemas/codec/hmac.hpp"
#include "tests/unit/providers/issuers/acme_server.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::issuers;
using namespace trunkform::issuers::samples;

namespace {

const std::string k_code = "a code that both sides know";
const std::string k_code_base64 = "YSBjb2RlIHRoYXQgYm90aCBzaWRlcyBrbm93";

std::string hex(std::string_view bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

acme::TsigKey key() { return {"key.example.com", SecretBuffer::copy_of(k_code)}; }

/// What RFC 8945 §4.3.3 signs of the key's record.
std::string variables(Instant now, unsigned error = 0) {
  std::string text = must(acme::wire_name("key.example.com"));
  acme::append_16(text, 255);
  acme::append_32(text, 0);
  text += must(acme::wire_name("hmac-sha256"));
  acme::append_16(text, 0);
  acme::append_32(text, static_cast<std::uint32_t>(now.time_since_epoch() / 1s));
  acme::append_16(text, 300);
  acme::append_16(text, error);
  acme::append_16(text, 0);
  return text;
}

std::string mac(const std::string& input) {
  const auto digest = hmac_sha256(SecretBuffer::copy_of(k_code), input);
  return {digest.bytes.begin(), digest.bytes.end()};
}

/// An answer with the record of a signature.
std::string with_tsig(std::string answer, const std::string& code, Instant now, unsigned error = 0) {
  std::string data = must(acme::wire_name("hmac-sha256"));
  acme::append_16(data, 0);
  acme::append_32(data, static_cast<std::uint32_t>(now.time_since_epoch() / 1s));
  acme::append_16(data, 300);
  acme::append_16(data, static_cast<unsigned>(code.size()));
  data += code + answer.substr(0, 2);
  acme::append_16(data, error);
  acme::append_16(data, 0);
  answer[11] = 1;
  answer += must(acme::wire_name("key.example.com"));
  acme::append_16(answer, 250);
  acme::append_16(answer, 255);
  acme::append_32(answer, 0);
  acme::append_16(answer, static_cast<unsigned>(data.size()));
  return answer + data;
}

/// A name server in memory.
struct NameServer {
  platform::SimulatedClock clock{k_now};
  platform::SeededRandom random{1};
  acme::DnsUpdatePlace place{"192.0.2.53:53", "example.com", "key.example.com", "file:zone.key", 30s};
  int code = 0;
  bool signs = true, is_trusted = true;
  std::optional<Error> is_away{};
  std::string secret = k_code_base64 + "\n";
  std::set<std::string> zones = {"example.com"};
  std::map<std::string, std::string> aliases{};  ///< in wire form: whose SOA is answered too
  std::vector<std::string> heard;

  std::string answer_to(const std::string& message) {
    heard.push_back(message);
    const bool is_update = static_cast<unsigned char>(message[2]) == 0x28;
    auto answer = message.substr(0, 2) + static_cast<char>(is_update ? 0xA8 : 0x80) + static_cast<char>(code);
    for (int i = 0; i < 4; ++i) acme::append_16(answer, 0);
    if (!is_update) {
      const auto name = message.substr(12, acme::past_name(message, 12).value() - 12);
      const auto add = [&](const std::string& owner, std::string_view type) {
        ++answer[7];
        answer += owner + std::string(type) + std::string("\0\1\0\0\0\0\0\0", 8);
      };
      const auto alias = aliases.find(name);
      if (alias != aliases.end()) add(name, {"\0\5", 2});
      for (const auto& zone : zones) {
        const auto owner = must(acme::wire_name(zone));
        if (owner == name || (alias != aliases.end() && owner == alias->second)) add(owner, {"\0\6", 2});
      }
      return answer;
    }
    if (!signs) return answer;
    // The question's code stands before its id, error and other data.
    const auto question_mac = message.substr(message.size() - 6 - 32, 32);
    std::string before;
    acme::append_16(before, 32);
    return with_tsig(answer, mac(before + question_mac + answer + variables(clock.now())), clock.now());
  }

  acme::DnsUpdate responder() {
    return {place,
            {[this](const std::string&) { return Result<SecretBuffer>(SecretBuffer::copy_of(secret)); },
             [this](const std::string& server) -> Result<> {
               if (!is_trusted) return Error(ErrorCode::untrusted, server + " is not trusted");
               return {};
             },
             [this](const Context&, const std::string&, const std::string& message) {
               return is_away ? Result<std::string>(*is_away) : Result<std::string>(answer_to(message));
             }},
            clock,
            random};
  }
};

const std::vector<acme::Proof> k_proofs = {{"sip.example.com", k_token, k_token + ".thumb"}};

Error refusal_of(NameServer& server) {
  auto responder = server.responder();
  const auto done = responder.present(k_any, k_proofs);
  if (done) FAIL("no error");
  return done.error();
}

}  // namespace

TEST_CASE("acme: an update names zone, record and value as RFC 2136 has them") {
  const auto added = must(acme::update_message({0x1234, "Example.com.", "_a.example.com", "v1", acme::DnsChange::add}));
  CHECK(hex(added) ==
        "12342800000100000001000007"
        "6578616d706c6503636f6d0000060001"
        "025f61076578616d706c6503636f6d00001000010000003c0003027631");
  const auto removed = must(acme::update_message({1, "example.com", "_a.example.com", "v1", acme::DnsChange::remove}));
  CHECK(hex(removed).ends_with("001000fe000000000003027631"));
  for (const auto* name : {"a..b", ".a", "label-of-more-than-sixty-three-characters-is-none-of-the-dns-at-all.com"})
    CHECK(error_of(acme::wire_name(name)).code == ErrorCode::invalid_input);
}

TEST_CASE("acme: a record is added under the key's signature, waited for, and taken away") {
  NameServer server;
  auto responder = server.responder();
  must(responder.present(k_any, k_proofs));
  CHECK(server.clock.now() == k_now + 30s);
  REQUIRE(server.heard.size() == 1);
  const auto message = server.heard[0];
  const auto at = acme::read_answer(message)->signature;
  REQUIRE(at > 0);
  auto unsigned_message = message.substr(0, at);
  unsigned_message[11] = 0;
  CHECK(message.substr(message.size() - 38, 32) == mac(unsigned_message + variables(k_now)));
  CHECK(message.find(acme::record_value_of(k_proofs[0])) != std::string::npos);
  responder.withdraw(k_proofs);
  REQUIRE(server.heard.size() == 2);
  CHECK(hex(server.heard[1]).find("001000fe") != std::string::npos);
}

TEST_CASE("acme: where no zone is named the server is asked for the longest that it has") {
  NameServer server;
  server.place.zone.clear();
  SECTION("it has two") {
    server.zones = {"com", "example.com"};
    must(server.responder().present(k_any, k_proofs));
    REQUIRE(server.heard.size() == 4);  // the record, sip.example.com, example.com, the update
    CHECK(server.heard[3].find(must(acme::wire_name("example.com"))) == 12);
  }
  SECTION("the record is a zone of its own") {
    server.zones.insert("_acme-challenge.sip.example.com");
    must(server.responder().present(k_any, k_proofs));
    REQUIRE(server.heard.size() == 2);
    CHECK(server.heard[1].find(must(acme::wire_name("_acme-challenge.sip.example.com"))) == 12);
  }
  SECTION("a name on the way is another's alias") {
    server.zones.insert("elsewhere.example.net");
    server.aliases[must(acme::wire_name("sip.example.com"))] = must(acme::wire_name("elsewhere.example.net"));
    must(server.responder().present(k_any, k_proofs));
    REQUIRE(server.heard.size() == 4);
    CHECK(server.heard[3].find(must(acme::wire_name("example.com"))) == 12);
  }
  SECTION("it has none") {
    server.zones.clear();
    CHECK(refusal_of(server).code == ErrorCode::invalid_input);
  }
}

TEST_CASE("acme: names of an answer are read by their references, which lead back and nowhere else") {
  const std::string question = must(acme::wire_name("Sip.example.com")) + std::string("\0\6\0\1", 4);
  const std::string soa("\0\6\0\1\0\0\0\0\0\0", 10);
  const auto answer = [&](const std::string& owner, const std::string& record = {}) {
    return std::string("\x12\x34\x80\0\0\1\0\1\0\0\0\0", 12) + question + owner + (record.empty() ? soa : record);
  };
  const auto owners = [&](const std::string& message) {
    const auto read = acme::read_answer(message);
    return read ? read->soa_owners : std::vector<std::string>{"no message"};
  };
  const auto owned_by = [](const char* name) { return std::vector{must(acme::wire_name(name))}; };
  const std::vector<std::string> none, refused{"no message"};
  // 12: sip, 16: example, 24: com, 33: where the record begins
  REQUIRE(answer("").size() == 33 + soa.size());
  CHECK(owners(answer(must(acme::wire_name("example.com")))) == owned_by("example.com"));
  CHECK(owners(answer("\xC0\x0C")) == owned_by("sip.example.com"));
  CHECK(owners(answer("\xC0\x10")) == owned_by("example.com"));
  CHECK(owners(answer("\4EAST\xC0\x10")) == owned_by("east.example.com"));
  CHECK(owners(answer("\xC0\x10", std::string("\0\5\0\1\0\0\0\0\0\0", 10))) == none);  // a CNAME
  CHECK(owners(answer("\xC0\x10", std::string("\0\6\0\3\0\0\0\0\0\0", 10))) == none);  // of another class
  CHECK(owners(answer("\xC0\x21")) == refused);                                        // to itself
  CHECK(owners(answer("\1a\xC0\x21")) == refused);                                     // round and round
  CHECK(owners(answer("\xC0\x23")) == refused);                                        // forwards
  CHECK(owners(answer(std::string("\xC0\x00", 2))) == refused);                        // into the header
  CHECK(owners(answer("\xFF\xFF")) == refused);                                        // out of the message
  CHECK(owners(answer("\x41" + std::string(65, 'a') + '\0')) == refused);              // a label of no kind
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "\1a";
  CHECK(owners(answer(longest + '\0')).front().size() == 255);
  CHECK(owners(answer(longest + "\1a" + '\0')) == refused);
  CHECK(owners(answer(longest + "\xC0\x0C")) == refused);
  // Two that lead to each other, by the question's own name.
  auto loop = std::string("\x12\x34\x80\0\0\1\0\0\0\0\0\0", 12);
  CHECK(owners(loop + "\xC0\x0E\xC0\x0C" + std::string("\0\6\0\1", 4)) == refused);
  CHECK(owners(loop + std::string("\0\0\6\0\1", 5)) == none);
  CHECK(owners(loop + std::string("\0\0\6", 3)) == refused);
  const auto whole = answer("\4east\xC0\x10", std::string("\0\6\0\1\0\0\0\0\0\3abc", 13));
  CHECK(owners(whole) == owned_by("east.example.com"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    CHECK(owners(whole.substr(0, size)) == refused);
  }
}

TEST_CASE("acme: a server that refuses is told in its words, and one that is not the key's is not believed") {
  NameServer server;
  SECTION("refused") {
    server.code = 5;
    const auto error = refusal_of(server);
    CHECK(error.code == ErrorCode::denied);
    CHECK(error.detail == "it says REFUSED");
  }
  SECTION("not signed") {
    server.signs = false;
    CHECK(refusal_of(server).code == ErrorCode::untrusted);
  }
  SECTION("another key") {
    server.secret = "b3RoZXI=";
    CHECK(refusal_of(server).code == ErrorCode::untrusted);
  }
  SECTION("no key") {
    server.secret = "no base64 !";
    CHECK(refusal_of(server).code == ErrorCode::invalid_input);
    CHECK(server.heard.empty());
  }
  SECTION("not allowed") {
    server.is_trusted = false;
    CHECK(refusal_of(server).code == ErrorCode::untrusted);
    CHECK(server.heard.empty());
  }
}

TEST_CASE("acme: a server that is not there is told with its key, and with what becomes of the order") {
  NameServer server;
  server.is_away = Error(ErrorCode::unavailable, "no conversation with 192.0.2.53:53", "Connection refused");
  const auto error = refusal_of(server);
  CHECK(error.code == ErrorCode::unavailable);
  CHECK(error.summary == "the server \"192.0.2.53:53\" of rfc2136 cannot be reached, so no record can be written");
  CHECK(error.detail == "updates would be signed with the key \"key.example.com\"");
  REQUIRE(error.hints.size() == 2);
  CHECK(error.hints.back().find("nothing is signed, and the order stays open") != std::string::npos);
  CHECK(to_line(error).find("Connection refused") != std::string::npos);
  server.is_away = Error(ErrorCode::cancelled, "stopped");
  CHECK(refusal_of(server).summary == "stopped");
}

TEST_CASE("acme: an answer's signature is about this question, these words and this time") {
  const std::string question_mac(32, 'm');
  std::string answer("\x12\x34\xA8\0\0\0\0\0\0\0\0\0", 12);
  std::string before;
  acme::append_16(before, 32);
  const auto code = mac(before + question_mac + answer + variables(k_now));
  const auto judged = [&](const std::string& text, const std::string& question, Instant now) {
    const auto checked = acme::check_tsig(text, question, key(), now);
    return checked ? std::string("good") : std::string(to_string(checked.error().code));
  };
  CHECK(judged(with_tsig(answer, code, k_now), question_mac, k_now + 299s) == "good");
  CHECK(judged(with_tsig(answer, code, k_now), question_mac, k_now + 301s) == "untrusted");
  CHECK(judged(with_tsig(answer, code, k_now), std::string(32, 'n'), k_now) == "untrusted");
  auto changed = answer;
  changed[3] = 5;
  CHECK(judged(with_tsig(changed, code, k_now), question_mac, k_now) == "untrusted");
  CHECK(judged(with_tsig(answer, "", k_now), question_mac, k_now) == "untrusted");
  // The server does not know the key, and cannot sign (§5.3.2).
  CHECK(judged(with_tsig(answer, "", k_now, 17), question_mac, k_now) == "denied");
  const auto whole = with_tsig(answer, code, k_now);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    CHECK(judged(whole.substr(0, size), question_mac, k_now) != "good");
  }
}
