#include "providers/notify/webhook/notifier.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "schemas/codec/hmac.hpp"
#include "tests/unit/providers/notify/sample.hpp"

using namespace trunkform;
using namespace trunkform::notify;
using namespace trunkform::notify::test;

namespace {

struct Receiver {
  platform::SimulatedClock clock{parse_rfc3339("2025-11-24T16:00:00Z").value()};
  platform::ScriptedHttpClient http;
  std::string url = "https://hooks.example.com/services/T0/PASSWORD";
  std::string url_secret, secret;
  std::map<std::string, std::string> headers;
  std::function<Result<std::string>(const Alert&)> render;

  Result<std::unique_ptr<Notifier>> make(const std::string& form) {
    NotifyBlock block;
    block.address = "notify.webhook.ops";
    WebhookSettings settings;
    settings.url.text = url_secret.empty() ? url : "";
    settings.form = form;
    settings.headers = headers;
    block.settings = settings;
    Surroundings around{http, clock, nullptr, nullptr, {}, {}, {}, render};
    if (!url_secret.empty()) around.url = SecretBuffer::copy_of(url_secret);
    if (!secret.empty()) around.secret = SecretBuffer::copy_of(secret);
    return make_notifier(block, std::move(around));
  }
  Result<> send(const std::string& form, const Alert& alert = sample()) {
    const auto notifier = make(form);
    REQUIRE(notifier);
    return notifier.value()->send({}, alert);
  }
  std::string header(const std::string& name) const {
    const auto sent = http.sent();
    for (const auto& [key, value] : sent.back().headers)
      if (key == name) return value;
    return {};
  }
};

}  // namespace

TEST_CASE("the HMAC is what openssl computes: RFC 4231 case 2, and a signed body") {
  CHECK(to_hex(hmac_sha256(SecretBuffer::copy_of("Jefe"), "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // printf '1764000000.{"a":1}' | openssl dgst -sha256 -hmac topsecretkey
  CHECK(signature(SecretBuffer::copy_of("topsecretkey"), R"({"a":1})", parse_rfc3339("2025-11-24T16:00:00Z").value()) ==
        "t=1764000000,v1=e937cb1c153b5976dc0aa53638022a602593778c312847a65d54e26b27b36062");
}

TEST_CASE("a body is posted as JSON, signed where there is a key") {
  Receiver receiver;
  receiver.http.push(204, "");
  REQUIRE(receiver.send("json"));
  const auto sent = receiver.http.sent().back();
  CHECK(sent.method == "POST");
  CHECK(sent.url == receiver.url);
  CHECK(receiver.header("Content-Type") == "application/json");
  CHECK(receiver.header("X-Trunkform-Signature").empty());
  receiver.secret = "topsecretkey";
  receiver.http.push(200, "ok");
  REQUIRE(receiver.send("slack"));
  CHECK(receiver.header("X-Trunkform-Signature") ==
        signature(SecretBuffer::copy_of("topsecretkey"), receiver.http.sent().back().body, receiver.clock.now()));
}

TEST_CASE("PagerDuty's routing key is in the body alone, Opsgenie's in the authorization alone") {
  Receiver receiver;
  receiver.secret = "R0UT1NGKEY";
  receiver.http.push(202, "{}");
  REQUIRE(receiver.send("pagerduty"));
  CHECK(receiver.http.sent().back().body.starts_with(R"({"routing_key":"R0UT1NGKEY","event_action":"trigger",)"));
  CHECK(receiver.http.sent().back().secret);
  CHECK(receiver.header("X-Trunkform-Signature").empty());
  receiver.http.push(202, "{}");
  REQUIRE(receiver.send("opsgenie", mended()));
  CHECK(receiver.http.sent().back().authorization == "GenieKey R0UT1NGKEY");
  CHECK(receiver.http.sent().back().body.find("R0UT1NGKEY") == std::string::npos);
  CHECK(receiver.http.sent().back().url.ends_with("/close?identifierType=alias"));
}

TEST_CASE("a key with a quote or a line break is refused, and a form that needs one without it") {
  Receiver receiver;
  CHECK(receiver.make("pagerduty").error().code == ErrorCode::invalid_input);
  for (const auto* key : {"a\"b", "a\nb", "a b", "a\\b"}) {
    receiver.secret = key;
    CHECK(receiver.make("pagerduty").error().code == ErrorCode::invalid_input);
    CHECK(receiver.make("opsgenie").error().code == ErrorCode::invalid_input);
  }
}

TEST_CASE("headers cannot smuggle a line, nor take over what is ours") {
  Receiver receiver;
  const std::pair<const char*, const char*> bad[] = {
      {"X-A", "b\r\nX-Injected: c"}, {"X A", "b"}, {"", "b"}, {"X:A", "b"}, {"Host", "evil"}, {"content-length", "0"},
      {"X-Trunkform-Signature", "x"}};
  for (const auto& [name, value] : bad) {
    receiver.headers = {{name, value}};
    INFO(name);
    CHECK(receiver.make("json").error().code == ErrorCode::invalid_input);
  }
  receiver.headers = {{"content-type", "text/plain"}, {"X-Team", "voice"}};
  receiver.http.push(200, "");
  REQUIRE(receiver.send("json"));
  CHECK(receiver.header("content-type") == "text/plain");
  CHECK(receiver.header("Content-Type").empty());
  CHECK(receiver.header("X-Team") == "voice");
}

TEST_CASE("an answer says whether another try may help, and never more than the host") {
  const std::pair<int, ErrorCode> answers[] = {{301, ErrorCode::rejected},    {400, ErrorCode::rejected},
                                               {401, ErrorCode::denied},      {404, ErrorCode::rejected},
                                               {408, ErrorCode::unavailable}, {429, ErrorCode::throttled},
                                               {500, ErrorCode::unavailable}, {503, ErrorCode::unavailable}};
  for (const auto& [status, code] : answers) {
    Receiver receiver;
    receiver.url_secret = receiver.url;
    receiver.http.push(status, "you sent PASSWORD", {{"Retry-After", "7"}});
    const auto sent = receiver.send("json");
    INFO(status);
    REQUIRE_FALSE(sent);
    CHECK(sent.error().code == code);
    CHECK(sent.error().retry_after == std::chrono::seconds(7));
    CHECK(to_line(sent.error()).find("https://hooks.example.com/…") != std::string::npos);
    CHECK(to_line(sent.error()).find("PASSWORD") == std::string::npos);
  }
}

TEST_CASE("the address of a webhook is asked for to be shown nowhere") {
  HttpRequest request;
  request.url = "https://hooks.example.com:8443/services/PASSWORD?token=X";
  CHECK(shown_url(request) == "https://hooks.example.com:8443/services/PASSWORD");
  request.secret_url = true;
  CHECK(shown_url(request) == "https://hooks.example.com:8443/…");
  Receiver receiver;
  receiver.http.push(204, "");
  REQUIRE(receiver.send("slack"));
  CHECK(receiver.http.sent().back().secret_url);
}

TEST_CASE("a form that is a file is what it renders, and its mistake is the alert's failure") {
  Receiver receiver;
  receiver.render = [](const Alert& alert) -> Result<std::string> {
    return "<" + std::string(to_string(alert.kind)) + ">";
  };
  receiver.http.push(200, "");
  REQUIRE(receiver.send("own.tmpl"));
  CHECK(receiver.http.sent().back().body == "<rolled_back>");
  receiver.render = [](const Alert&) -> Result<std::string> { return Error(ErrorCode::invalid_input, "no such name"); };
  CHECK(receiver.send("own.tmpl").error().summary == "no such name");
}
