// Mail and programs, as their ports see them.
#include "providers/notify/registry.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "tests/unit/providers/notify/sample.hpp"

using namespace trunkform;
using namespace trunkform::notify;
using namespace trunkform::notify::test;

namespace {

struct FakeMail final : MailTransport {
  std::vector<MailRequest> sent;
  std::string password;
  Result<> send(const Context&, const MailRequest& request) override {
    password = request.password != nullptr ? std::string(request.password->view()) : "";
    sent.push_back(request);
    return {};
  }
};

struct FakePrograms final : ProgramRunner {
  ProgramEnd end;
  std::vector<ProgramRequest> ran;
  Result<ProgramEnd> run(const Context&, const ProgramRequest& request) override {
    ran.push_back(request);
    return ProgramEnd{end.exit_code, end.signal, end.output};
  }
};

struct Outside {
  platform::SimulatedClock clock{Instant()};
  platform::ScriptedHttpClient http;
  FakeMail mail;
  FakePrograms programs;
  Surroundings around() { return {http, clock, &mail, &programs, {}, {}, {}, {}}; }
};

NotifyBlock block_of(EmailSettings settings) {
  NotifyBlock block;
  block.address = "notify.email.ops";
  block.settings = std::move(settings);
  return block;
}

EmailSettings email() {
  EmailSettings settings;
  settings.host = "mail.example.com";
  settings.user = "trunkform";
  settings.from = "trunkform <alerts@example.com>";
  settings.to = {"ops@example.com", "Voice <voice@example.com>"};
  return settings;
}

}  // namespace

TEST_CASE("mail goes to every recipient, over STARTTLS, with the password for the server alone") {
  Outside outside;
  auto around = outside.around();
  around.secret = SecretBuffer::copy_of("pass word");
  const auto notifier = make_notifier(block_of(email()), std::move(around));
  REQUIRE(notifier);
  REQUIRE((*notifier)->send({}, sample()));
  const auto& sent = outside.mail.sent.back();
  CHECK(sent.security == MailSecurity::starttls);
  CHECK(sent.port == 587);
  CHECK(sent.from == "alerts@example.com");
  CHECK(sent.to == std::vector<std::string>{"ops@example.com", "voice@example.com"});
  CHECK(outside.mail.password == "pass word");
  CHECK(sent.message.find("pass word") == std::string::npos);
}

TEST_CASE("port 465 is TLS from the first byte; an address that is none is refused where it stands") {
  Outside outside;
  auto settings = email();
  settings.port = 465;
  REQUIRE(make_notifier(block_of(settings), outside.around()).value()->send({}, sample()));
  CHECK(outside.mail.sent.back().security == MailSecurity::implicit);
  settings.to = {"ops"};
  const auto refused = make_notifier(block_of(settings), outside.around());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().address == "notify.email.ops");
}

TEST_CASE("a program is told by one line of JSON, and its exit code says whether to try again") {
  Outside outside;
  NotifyBlock block;
  block.address = "notify.command.page";
  block.settings = CommandSettings{{"/opt/page", "--now"}};
  auto around = outside.around();
  around.program.path = "/opt/page";
  around.program.arguments = {"--now"};
  const auto notifier = make_notifier(block, std::move(around));
  REQUIRE(notifier);
  REQUIRE((*notifier)->send({}, sample()));
  const auto& input = outside.programs.ran.back().input;
  CHECK(input.starts_with("{\"format\":1,\"kind\":\"rolled_back\""));
  CHECK(input.find('\n') == input.size() - 1);
  outside.programs.end = {75, 0, "busy"};
  CHECK((*notifier)->send({}, sample()).error().code == ErrorCode::unavailable);
  outside.programs.end = {1, 0, "no such pager"};
  CHECK((*notifier)->send({}, sample()).error().code == ErrorCode::rejected);
  outside.programs.end = {-1, 9, ""};
  CHECK((*notifier)->send({}, sample()).error().summary == "/opt/page was ended by signal 9");
}
