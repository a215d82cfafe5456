#include <regex>

#include "providers/notify/email/message.hpp"
#include "tests/unit/providers/notify/sample.hpp"

using namespace trunkform;
using namespace trunkform::notify;
using namespace trunkform::notify::test;

namespace {

const MailAddress k_from{"trunkform", "alerts@example.com"};
const std::vector<MailAddress> k_to{{"Größe Ops", "ops@example.com"}, {"", "voice@example.com"}};

std::string message(const Alert& alert) { return mail_message(alert, k_from, k_to); }

/// Names of the headers, in order; the message must be well-formed for that.
std::vector<std::string> header_names(const std::string& mail) {
  std::vector<std::string> names;
  const auto end = mail.find("\r\n\r\n");
  REQUIRE(end != std::string::npos);
  for (std::size_t at = 0; at < end;) {
    const auto line_end = mail.find("\r\n", at);
    const auto line = mail.substr(at, line_end - at);
    CHECK(line.size() <= 78);
    if (line.front() != ' ') names.push_back(line.substr(0, line.find(':')));
    at = line_end + 2;
  }
  return names;
}

}  // namespace

TEST_CASE("a message is its golden file, raised and resolved") {
  check_golden("mail.txt", message(sample()));
  check_golden("mail_resolved.txt", message(mended()));
}

TEST_CASE("no text of an alert adds a header, a line or an end of headers") {
  const auto plain = header_names(message(sample()));
  for (const auto* attack :
       {"\r\nBcc: evil@example.com", "\nBcc: evil@example.com", "\r\n\r\nbody", "\rX: y", "a\0b"}) {
    auto alert = sample();
    alert.trunk = alert.summary = alert.detail = alert.hint = alert.actor = attack;
    const auto mail = message(alert);
    CHECK(header_names(mail) == plain);
    CHECK(mail.find("\nBcc:") == std::string::npos);
    CHECK_FALSE(std::regex_search(mail, std::regex("[^\r]\n")));
    CHECK_FALSE(std::regex_search(mail, std::regex("\r[^\n]")));
  }
}

TEST_CASE("text that is not ASCII is encoded words of whole characters and at most 75 bytes") {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "ö€";
  const auto header = encoded_header(text);
  std::size_t at = 0;
  while (at < header.size()) {
    const auto end = std::min(header.find("\r\n ", at), header.size());
    const auto word = header.substr(at, end - at);
    CHECK(word.size() <= 75);
    CHECK(std::regex_match(word, std::regex(R"(=\?UTF-8\?B\?[A-Za-z0-9+/]+=*\?=)")));
    at = end + 3;
  }
  CHECK(encoded_header("plain words") == "plain words");
  CHECK(encoded_header("=?UTF-8?B?QQ==?=") != "=?UTF-8?B?QQ==?=");
}

TEST_CASE("alerts of one incident refer to one another, and each has an id of its own") {
  const auto reference = [](const std::string& mail) {
    const auto at = mail.find("References: ");
    return mail.substr(at, mail.find("\r\n", at) - at);
  };
  const auto id = [](const std::string& mail) {
    const auto at = mail.find("Message-ID: ");
    return mail.substr(at, mail.find("\r\n", at) - at);
  };
  CHECK(reference(message(sample())) == reference(message(mended())));
  CHECK(id(message(sample())) != id(message(mended())));
}

TEST_CASE("a mail address is one mailbox with a domain, with or without a name") {
  CHECK(parse_mail_address("ops@example.com")->mailbox == "ops@example.com");
  CHECK(parse_mail_address("Operations <ops@example.com>")->name == "Operations");
  CHECK(parse_mail_address("\"Voice, Ops\" <ops+page@mail.example.com>")->name == "Voice, Ops");
  for (const auto* bad : {"", "ops", "ops@", "@example.com", "a@b@c", "a b@example.com", "ops@exa mple.com",
                          "<ops@example.com", "a@example.com, b@example.com", "ops@example.com\r\nRCPT TO:<x@y>",
                          "ops@example.com>", ".a@example.com", "ops@-example.com", "ös@example.com", "<a@b> <c@d"}) {
    INFO(bad);
    CHECK_FALSE(parse_mail_address(bad));
  }
}
