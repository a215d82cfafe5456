#include "providers/notify/webhook/forms.hpp"

#include "providers/notify/text.hpp"
#include "tests/unit/providers/notify/sample.hpp"

using namespace trunkform;
using namespace trunkform::notify;
using namespace trunkform::notify::test;

TEST_CASE("every form of a webhook is its golden file, raised and resolved") {
  const std::pair<const char*, std::string (*)(const Alert&)> forms[] = {{"json", json_body},
                                                                         {"slack", slack_body},
                                                                         {"teams", teams_body},
                                                                         {"pagerduty", pagerduty_body},
                                                                         {"opsgenie", opsgenie_body}};
  for (const auto& [name, body] : forms) {
    check_golden(std::string(name) + ".json", body(sample()) + "\n");
    check_golden(std::string(name) + "_resolved.json", body(mended()) + "\n");
  }
}

TEST_CASE("a trunk's name calls no channel, makes no link and no markup in Slack") {
  const auto body = slack_body(sample());
  CHECK(body.find("<!") == std::string::npos);
  CHECK(body.find("&lt;!channel&gt;") != std::string::npos);
  CHECK(body.find(" *bold*") == std::string::npos);
}

TEST_CASE("an incident is resolved under the key that opened it") {
  CHECK(pagerduty_body(sample()).find("\"event_action\":\"trigger\"") != std::string::npos);
  CHECK(pagerduty_body(mended()).find("\"event_action\":\"resolve\"") != std::string::npos);
  const auto key = "\"dedup_key\":\"org-1/default/genesys_trunk_certificate.a[\\\"";
  CHECK(pagerduty_body(sample()).find(key) != std::string::npos);
  CHECK(pagerduty_body(mended()).find(key) != std::string::npos);
  CHECK(opsgenie_path(sample()).empty());
  CHECK(opsgenie_path(mended()) ==
        "/org-1%2Fdefault%2Fgenesys_trunk_certificate.a%5B%22Gr%C3%B6%C3%9Fe%20%3CEast%3E%22%5D%2Fchange"
        "/close?identifierType=alias");
}

TEST_CASE("what a receiver would cut is cut between characters") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("äöüäöü", 7) == "äö…");
  auto alert = sample();
  alert.summary = std::string(5000, 'x');
  CHECK(pagerduty_body(alert).find(std::string(1024, 'x')) == std::string::npos);
  const auto body = opsgenie_body(alert);
  const auto message = body.substr(0, body.find("\",\"alias"));
  CHECK(message.size() == std::string("{\"message\":\"").size() + 130);
}
