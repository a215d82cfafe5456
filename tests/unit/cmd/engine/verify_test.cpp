// What is said about a port, word for word, and the verdict that goes with it.
#include "cmd/engine/verify.hpp"

#include <deque>

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/support/simulated_program.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using engine::Expected;

namespace {

struct Port {
  platform::SimulatedClock clock{parse_rfc3339("2026-11-24T12:00:00Z").value()};
  platform::SimulatedFileSystem files;
  x509::FactsCache facts;
  engine::Sources sources{
      files, "/",
      [](const std::string&) -> Result<SecretBuffer> { return Error(ErrorCode::untrusted, "no secrets here"); }, clock,
      facts};
  engine::ServedJudge judge{sources, clock};
  testing::FakeTlsProbe tls;
  testing::FakeSipProbe sip;
  testing::Family family = testing::make_family(clock.now());
  Binding binding;
  ChainPtr whole;

  Port() {
    binding.carrier.edit().label = "a";
    binding.carrier.edit().trust_store = SharedText(family.root.pem);
    binding.identity = {"sip.example.com"};
    binding.verify.edit().tls = TlsProbePolicy{"edge.example.com", 5061, "", 5s, 2};
    whole = facts.chain_of_ders({family.leaf.der, family.intermediate.der}).value();
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  ServedChain chain(const std::vector<std::string>& ders, const std::string& address = "192.0.2.1:5061") {
    ServedChain served;
    served.address = address;
    served.chain = facts.chain_of_ders(ders).value();
    served.ders = ders;
    return served;
  }
  ServedChain good(const std::string& address = "192.0.2.1:5061") {
    return chain({family.leaf.der, family.intermediate.der}, address);
  }
  void serves(std::vector<ServedChain> served) {
    tls.answer = [served](const TlsProbePolicy&) -> Result<std::vector<ServedChain>> { return served; };
  }
  engine::Wire wire() { return {tls, sip, clock, judge}; }
  Expected expected() const { return {whole->identity, std::nullopt}; }
  /// `pass: …`, fingerprints by their role.
  std::string once() { return said(engine::look_once({}, wire(), binding, expected())); }
  std::string patiently() { return said(engine::check_served({}, wire(), binding, expected())); }
  std::string said(const CheckResult& result) const {
    auto text = std::string(to_string(result.verdict)) + ": " + result.evidence;
    const auto leaf = to_short(whole->identity.leaf);
    for (auto at = text.find(leaf); at != std::string::npos; at = text.find(leaf))
      text.replace(at, leaf.size(), "LEAF");
    return text;
  }
  std::string called(CallOutcome outcome, std::vector<int> accept = {200, 486, 603}) {
    serves({good()});
    binding.verify.edit().call = CallPolicy{"sips:echo@edge.example.com", "", std::move(accept), 20s};
    outcome.took = 1500ms;
    sip.outcome = outcome;
    auto text = once();
    const std::string before = "192.0.2.1:5061 serves LEAF; a call to sips:echo@edge.example.com ";
    const auto at = text.find(before);
    return at == std::string::npos ? text : text.replace(at, before.size(), "");
  }
};

CallOutcome answered(int status, const std::string& reason, bool hung_up = false) {
  CallOutcome outcome;
  outcome.status = status;
  outcome.reason = reason;
  outcome.hung_up = hung_up;
  return outcome;
}
CallOutcome rang(int provisional, bool cancelled) {
  CallOutcome outcome;
  outcome.provisional = provisional;
  outcome.cancelled = cancelled;
  return outcome;
}

}  // namespace

TEST_CASE("the whole chain that was sent passes, so many times in a row") {
  Port port;
  port.serves({port.good(), port.good("192.0.2.2:5061")});
  CHECK(port.once() == "pass: 192.0.2.1:5061 serves LEAF; 192.0.2.2:5061 serves LEAF");
  CHECK(port.patiently() == "pass: 192.0.2.1:5061 serves LEAF; 192.0.2.2:5061 serves LEAF (2 in a row)");
}

TEST_CASE("what is right by the end of a short time is seen, at its last moment") {
  Port port;
  const Duration within = GENERATE(500ms, 1s, 1500ms);
  port.binding.verify.edit().tls->within = within;
  port.binding.verify.edit().tls->consecutive = 1;
  const auto late = port.clock.monotonic() + within;
  port.tls.answer = [&](const TlsProbePolicy&) -> Result<std::vector<ServedChain>> {
    if (port.clock.monotonic() < late) return std::vector<ServedChain>{};
    return std::vector{port.good()};
  };
  CHECK(port.patiently() == "pass: 192.0.2.1:5061 serves LEAF (1 in a row)");
  port.clock.advance(1h);
  port.serves({});
  CHECK(port.patiently().starts_with("inconclusive: nothing answered"));
}

TEST_CASE("the right leaf behind a chain that the carrier would refuse fails, and the rule is named") {
  Port port;
  port.serves({port.chain({port.family.leaf.der})});
  const auto* incomplete =
      "fail: 192.0.2.1:5061 serves LEAF, the right leaf in another chain (1 certificate), which the carrier would "
      "refuse: certificate chain incomplete: the issuer 'CN=Test Intermediate' of 'CN=sip.example.com' is neither sent "
      "nor in the trust store of carrier 'a' (rule chain_incomplete)";
  CHECK(port.once() == incomplete);
  CHECK(port.patiently() == std::string(incomplete) + " after 5 s");
}

TEST_CASE("what the service gives back is no excuse: a chain as it was read fails where the carrier would refuse it") {
  Port port;
  const auto bare = port.chain({port.family.leaf.der});
  port.serves({bare});
  const Expected as_read{port.whole->identity, bare.chain->identity};
  const auto judged = engine::look_once({}, port.wire(), port.binding, as_read);
  CHECK(judged.verdict == CheckVerdict::fail);
  CHECK(judged.evidence.find("serves " + to_short(port.whole->identity.leaf) + ", which the carrier would refuse: ") !=
        std::string::npos);
}

TEST_CASE("the chain as it was sent fails too where the carrier's trust store or the names are others") {
  Port port;
  port.serves({port.good()});
  port.binding.identity = {"other.example.com"};
  CHECK(port.once().find("(rule name_mismatch)") != std::string::npos);
  port.binding.identity = {"sip.example.com"};
  port.binding.carrier.edit().trust_store = SharedText(testing::make_family(port.clock.now()).root.pem);
  const auto refused = port.once();
  INFO(refused);
  CHECK(refused.starts_with("fail: "));
  CHECK(refused.find("which the carrier would refuse: ") != std::string::npos);
  port.binding.carrier.edit().trust_store = SharedText("no certificates");
  CHECK(port.once().starts_with("pass: 192.0.2.1:5061 serves LEAF, which could not be judged: "));
}

TEST_CASE("a chain in another order or with more in it is another chain, refused or not") {
  Port port;
  port.serves({port.chain({port.family.leaf.der, port.family.intermediate.der, port.family.root.der})});
  CHECK(port.once() == "fail: 192.0.2.1:5061 serves LEAF, the right leaf in another chain (3 certificates)");
}

TEST_CASE("a certificate that ends while it is bound fails on the wire from that moment on") {
  Port port;
  port.serves({port.good()});
  CHECK(port.once().starts_with("pass: "));
  REQUIRE(port.clock.sleep({}, 24h * 100));
  CHECK(port.once().find("(rule certificate_expired)") != std::string::npos);
}

TEST_CASE("nobody there is inconclusive, and so is one address of several; another certificate is not") {
  Port port;
  ServedChain away;
  away.address = "192.0.2.2:5061";
  away.error = Error(ErrorCode::unavailable, "cannot reach it");
  port.serves({away});
  CHECK(port.patiently() ==
        "inconclusive: nothing answered at edge.example.com:5061 within 5 s: 192.0.2.2:5061: cannot reach it");
  port.serves({port.good(), away});
  CHECK(port.once() == "inconclusive: 192.0.2.1:5061 serves LEAF; 192.0.2.2:5061: cannot reach it");
  const auto other = testing::make_family(port.clock.now());
  port.serves({port.chain({other.leaf.der, other.intermediate.der}), away});
  CHECK(port.once().starts_with("fail: 192.0.2.1:5061 serves "));
  port.binding.verify.edit().tls->location = Location::sips_domain;
  port.serves({away});
  CHECK(port.patiently().starts_with("inconclusive: nothing answered at sips:edge.example.com within 5 s"));
}

TEST_CASE("what a call comes to, in words") {
  Port port;
  CHECK(port.called(answered(200, "OK", true)) == "pass: was answered 200 OK after 1 s and hung up");
  CHECK(port.called(answered(200, "OK")) == "pass: was answered 200 OK after 1 s, but BYE was not answered");
  CHECK(port.called(answered(486, "Busy Here")) == "pass: was answered 486 Busy Here after 1 s");
  CHECK(port.called(answered(603, "")) == "pass: was answered 603 after 1 s");
  CHECK(port.called(answered(404, "Not Found")) ==
        "fail: was answered 404 Not Found, which is none of those accepted (200, 486, 603)");
  CHECK(port.called(answered(503, std::string(70, 'x'))) ==
        "fail: was answered 503 " + std::string(60, 'x') + ", which is none of those accepted (200, 486, 603)");
  CHECK(port.called(answered(200, "OK", true), {486}) ==
        "fail: was answered 200 OK, which is none of those accepted (486)");
  CHECK(
      port.called(answered(407, "Proxy Authentication Required")) ==
      "inconclusive: was answered 407 Proxy Authentication Required: the peer wants a login, which trunkform does not "
      "have; name somebody in verify.call.to who may be called without, or accept 407 as proof enough");
  CHECK(port.called(answered(401, "Unauthorized"), {401}) == "pass: was answered 401 Unauthorized after 1 s");
  CHECK(port.called(rang(180, true)) == "inconclusive: rang (180) for 1 s, and was cancelled: nobody answered");
  CHECK(port.called(rang(183, true), {183}) == "pass: rang (183) for 1 s, and was cancelled");
  CHECK(port.called(rang(100, true)) ==
        "inconclusive: was taken (100) and went no further within 1 s, and was cancelled");
  CHECK(port.called(rang(0, false)) == "inconclusive: was not answered at all within 1 s");
}

TEST_CASE("a call that could not be made proves nothing, and none is made where something failed before") {
  Port port;
  port.serves({port.good()});
  port.binding.verify.edit().sip_options = true;
  port.binding.verify.edit().call = CallPolicy{"sips:echo@edge.example.com", "", {200}, 20s};
  port.sip.outcome = Error(ErrorCode::protocol, "the connection was closed before the call was answered");
  CHECK(port.patiently() ==
        "inconclusive: 192.0.2.1:5061 serves LEAF (2 in a row); OPTIONS answered 200; a call to "
        "sips:echo@edge.example.com "
        "could not be made: the connection was closed before the call was answered");
  CHECK(port.sip.calls == 1);
  port.sip.status = 503;
  CHECK(port.patiently() == "fail: 192.0.2.1:5061 serves LEAF (2 in a row); OPTIONS answered 503");
  CHECK(port.sip.calls == 1);
}

TEST_CASE("a run that ended inconclusive is followed by one that needs no canary, once another host recorded a pass") {
  testing::SimulatedProgram program;
  program.make_pair("old");
  program.make_pair("new", 24h * 91);
  const std::vector<std::string> trunks{"east", "north", "west"};
  const auto* probing = R"("verify": { "tls": { "address": "edge.example.com", "within": "2s", "consecutive": 1 } })";
  const auto* canary = R"("canary": 1, "stagger": "0s", "soak": "0s")";
  for (const auto& name : trunks) program.add_trunk(name, "old");
  program.configure(trunks, "old", probing, canary);
  REQUIRE(program.run({"apply", "-auto-approve"}).code == 0);
  program.configure(trunks, "new", probing, canary);
  const auto first = program.run({"apply", "-auto-approve"});
  INFO(first.out << first.err);
  REQUIRE(first.code == 6);
  CHECK(program.patches() == 1);
  CHECK(program.state().resources.at(testing::SimulatedProgram::address("east")).look->verdict ==
        CheckVerdict::inconclusive);
  CHECK(program.run({"plan"}).out.find("1 trunk as canary") != std::string::npos);

  const auto chain = program.facts.chain_of_pem(program.files.read("/conf/new.chain", 1 << 20).value()).value();
  program.tls.answer = [chain](const TlsProbePolicy& policy) -> Result<std::vector<ServedChain>> {
    ServedChain served;
    served.address = policy.host;
    served.chain = chain;
    return std::vector{served};
  };
  const auto recorded = program.run({"verify", "-record", "genesys_trunk_certificate.east"});
  INFO(recorded.out << recorded.err);
  REQUIRE(recorded.code == 0);
  const auto look = program.state().resources.at(testing::SimulatedProgram::address("east")).look;
  REQUIRE(look);
  CHECK(look->verdict == CheckVerdict::pass);
  CHECK(look->recorded);
  CHECK(look->by == "ann@host-1");
  const auto plan = program.run({"plan"});
  CHECK(plan.out.find("as canary") == std::string::npos);
  CHECK(plan.out.find("verified: recorded ") != std::string::npos);
  CHECK(program.run({"apply", "-auto-approve"}).code == 0);
  CHECK(program.patches() == 3);
}
