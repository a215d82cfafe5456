// What a plan tells of issuing before anybody approves it: what comes too late, what is run, what is cleared away.
#include "tests/unit/cmd/engine/lab.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using namespace std::chrono_literals;

namespace {

const std::string k_name = R"("sip.example.com")";

void set_min_age(Lab& lab, const std::string& min_age) {
  lab.edit(R"("min_age": "0s")", R"("min_age": ")" + min_age + "\"");
}

}  // namespace

TEST_CASE("a plan says what holds a certificate until what is live is about to end") {
  Lab lab;
  lab.configure_issued(k_name, R"(, "lifetime": "90d")");
  SECTION("in time") {
    set_min_age(lab, "50d");
    CHECK_FALSE(says(lab.run({"plan"}), "what is live there ends"));
  }
  SECTION("held for long") {
    set_min_age(lab, "85d");
    const auto plan = lab.run({"plan"});
    CHECK(says(plan, "certificate.issued.sip for genesys_trunk_certificate.east: it comes not before"));
    CHECK(says(plan, "4 days before what is live there ends"));
    CHECK(says(plan, "the certificate is younger than 85d (rotate.min_age)"));
    CHECK(says(lab.run({"plan", "-json"}), "it comes not before"));
  }
}

TEST_CASE("a plan with nothing to do says that the next renewal will come too late") {
  Lab lab;
  SUCCEEDS(lab.run(k_apply));
  CHECK_FALSE(says(lab.run({"plan"}), "what is live there ends"));
  set_min_age(lab, "40d");
  const auto plan = lab.run({"plan", "-detailed-exitcode"});
  CHECK(plan.code == 0);
  CHECK(says(plan, "days before what is live there ends"));
  CHECK(says(plan, "(rotate.min_age)"));
}

TEST_CASE("what never grows as old as min_age asks is told, whatever is live") {
  Lab lab;
  lab.configure_issued(k_name, R"(, "lifetime": "6d")");
  set_min_age(lab, "7d");
  const auto plan = lab.run({"plan"});
  CHECK(says(plan, "it can be bound only when what is live there has ended"));
  CHECK(says(plan, "it lives 6 days, and has to be 7 days old first (rotate.min_age)"));
}

TEST_CASE("how long the next one lives is not guessed of another issuer, or of another lifetime") {
  Lab lab;
  lab.configure_issued(k_name, R"(, "lifetime": "6d")");
  SUCCEEDS(lab.run({"apply", "-auto-approve", "-target=certificate.issued.sip"}));
  set_min_age(lab, "7d");
  const auto told = [&] {
    return says(lab.run({"plan", "-replace=certificate.issued.sip"}), "days old first (rotate.min_age)");
  };
  CHECK(told());
  SECTION("a longer one is asked for") {
    lab.edit(R"("lifetime": "6d")", R"("lifetime": "90d")");
    CHECK_FALSE(told());
  }
  SECTION("a shorter one is asked for") {
    lab.edit(R"("lifetime": "6d")", R"("lifetime": "5d")");
    CHECK(told());
  }
  SECTION("another issuer is asked") {
    lab.write("other.pem", lab.family().intermediate.pem);
    lab.edit(R"("ca.pem")", R"("other.pem")");
    CHECK(told());  // by the lifetime that is asked for
    lab.edit(R"(, "lifetime": "6d")", "");
    CHECK_FALSE(told());
  }
}

TEST_CASE("what would be issued and refused, for ending before what is live, is told") {
  Lab lab;
  lab.configure_issued(k_name, R"(, "lifetime": "6d")");
  const auto plan = lab.run({"plan"});
  CHECK(says(plan, "it would end before what is live there, and be issued without being bound"));
  CHECK(says(lab.run(k_apply), "older_than_live"));
}

TEST_CASE("a plan shows the program that an apply will run, and that nobody allowed it") {
  Lab lab;
  lab.edit(R"("local_ca": {)", R"("acme": { "ca": { "directory": "https://acme.example.com/dir",
    "account_key": { "file": "ca.key" }, "dns_01": { "hook": ["/opt/dns/hook", "--zone", "a b"] } } }, "local_ca": {)");
  lab.edit(R"("issuer": "lab")", R"("issuer": "ca")");
  SUCCEEDS(lab.run({"trust", "add", "host", "acme.example.com:443", "acme"}));
  const auto refused = lab.run({"plan"});
  CHECK(refused.code == 1);
  CHECK(says(refused, "the program /opt/dns/hook may not be run with these arguments"));
  REQUIRE(lab.files.create_directories("/opt/dns"));
  REQUIRE(lab.files.replace("/opt/dns/hook", "#!/bin/sh\n", 0755));
  SUCCEEDS(lab.run({"trust", "add", "program", "/opt/dns/hook", "-arg=--zone", "-arg=a b", "-arg=*",
                    "-arg=_acme-challenge.sip.example.com", "-arg=*"}));
  const auto plan = lab.run({"plan"});
  SUCCEEDS(plan);
  CHECK(says(plan, "runs      /opt/dns/hook --zone 'a b' present|cleanup RECORD VALUE"));
  CHECK(says(lab.run({"plan", "-json"}), R"("runs":["/opt/dns/hook","--zone","a b"])"));
}

TEST_CASE("what an apply clears away is in its plan") {
  Lab lab;
  SECTION("of a block that is gone") {
    lab.die_with_a_staged_key(k_apply);
    lab.configure({"east"}, "old");
    const auto plan = lab.run({"plan"});
    CHECK(says(plan, "# certificate.issued.sip will be forgotten"));
    CHECK(says(plan, "its key is removed from files(path=sip)"));
    CHECK(says(lab.run({"plan", "-json"}), R"("leftovers":[{"address":"certificate.issued.sip","reason":"removed")"));
    CHECK_FALSE(says(lab.run({"plan", "-target=genesys_trunk_certificate.east"}), "will be forgotten"));
  }
  SECTION("of a request that nobody asks for any more") {
    SUCCEEDS(lab.run(k_apply));
    lab.die_with_a_staged_key(k_apply, 24h * 46);
    lab.configure_issued(k_name, R"(, "lifetime": "80d")");
    lab.edit(R"("when": "due")", R"("when": "due", "before_expiry": "10d")");
    const auto plan = lab.run({"plan"});
    CHECK(says(plan, "# certificate.issued.sip stays as it is, and is tidied up"));
    CHECK(says(plan, "which was for something else; its key is removed from files(path=sip)"));
  }
  SUCCEEDS(lab.run(k_apply));
  CHECK_FALSE(lab.has_staged_key());
  CHECK_FALSE(says(lab.run({"plan"}), "certificate.issued.sip"));
}

TEST_CASE("a version that a renewal takes away for good is in its plan") {
  Lab lab;
  lab.edit(R"("path": "sip")", R"("path": "sip", "keep": 2)");
  SUCCEEDS(lab.run(k_apply));
  const std::vector<std::string> replace = {"-replace=certificate.issued.sip"};
  CHECK_FALSE(says(lab.run({"plan", replace.front()}), "is removed with its key"));
  SUCCEEDS(lab.run({"apply", "-auto-approve", replace.front()}));
  CHECK(says(lab.run({"plan", replace.front()}),
             "version 000001 of store.files.sip is removed with its key, being more than it keeps (keep)"));
  SUCCEEDS(lab.run({"apply", "-auto-approve", replace.front()}));
  CHECK(lab.versions() == std::vector<std::string>{"000002", "000003"});
}

TEST_CASE("an issuer that gives a shorter lifetime is told, at once and with the next renewal") {
  Lab lab;
  lab.configure_issued(k_name, R"(, "lifetime": "3650d")");
  const auto applied = lab.run(k_apply);
  SUCCEEDS(applied);
  CHECK(says(applied, "the issuer gave a shorter lifetime than was asked for"));
  CHECK(says(applied, "3650 days were asked for (lifetime)"));
  const auto stored = lab.state().issues.at("certificate.issued.sip").last->chain;
  lab.clock.advance(stored->leaf().not_after - lab.clock.now() - 24h * 35);
  CHECK(says(lab.run({"plan"}), "3650 days were asked for (lifetime): where the issuer cut it"));
}

TEST_CASE("what an authority at hand cannot sign is an error of the plan and of doctor, before a key is made") {
  Lab lab;
  auto request = intermediate_request(lab.clock.now());
  request.key_usage = "critical,cRLSign";
  lab.write("ca.pem", make(request, lab.family().root, lab.family().intermediate.key).pem);
  const auto planned = lab.run({"plan"});
  CHECK(planned.code == 1);
  CHECK(says(planned, "the authority may not sign certificates"));
  CHECK(says(planned, "issuer.local_ca.lab"));
  const auto examined = lab.run({"doctor"});
  CHECK(examined.code == 1);
  CHECK(says(examined, "the authority may not sign certificates"));
  CHECK(lab.run({"apply", "-auto-approve"}).code == 1);
  CHECK(lab.count("issue_begun") == 0);
  CHECK(lab.versions().empty());
}

TEST_CASE("an authority at hand that ends first is told by the plan") {
  Lab lab;
  auto request = intermediate_request(lab.clock.now());
  request.not_after = lab.clock.now() + 24h * 20;
  lab.write("ca.pem", make(request, lab.family().root, lab.family().intermediate.key).pem);
  const auto planned = lab.run({"plan"});
  SUCCEEDS(planned);
  CHECK(says(planned, "the authority itself ends "));
}
