#include "schemas/codec/certificate_names.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;

TEST_CASE("DNS names, wildcards, addresses in full and SIP domains can stand in a certificate") {
  const std::vector<std::string> names = {"sip.example.com",      "a",
                                          "*.example.com",        "xn--mnchen-3ya.example",
                                          "1and1.example.com",    "192.0.2.10",
                                          "2001:db8::1",          "::1",
                                          "sip:example.com",      "sips:example.com",
                                          "sip:example.com:5061", std::string(63, 'a') + ".example.com"};
  for (const auto& name : names) {
    const auto fault = fault_of_name(name);
    INFO(name << ": " << (fault ? fault->why : ""));
    CHECK_FALSE(fault);
  }
}

TEST_CASE("what can not is told with why, and with what to write") {
  struct Case {
    std::string name, why;
  };
  const auto label = std::string(60, 'a') + ".";
  for (const auto& each : {Case{"", "no name"},
                           Case{"a b", "no name"},
                           Case{"sip.example.com/x", "no name"},
                           Case{"m\xc3\xbcnchen.example", "letters of ASCII alone"},
                           Case{"user@example.com", "e-mail"},
                           Case{"under_score.example.com", "underscore"},
                           Case{"sip.*.com", "asterisk"},
                           Case{"*", "asterisk"},
                           Case{"sip.example.com.", "no label beside"},
                           Case{"x..y", "no label beside"},
                           Case{"-sip.example.com", "hyphen"},
                           Case{"sip-.example.com", "hyphen"},
                           Case{std::string(64, 'a') + ".example.com", "63 characters"},
                           Case{label + label + label + label + "example.com", "253 characters"},
                           Case{"192.0.2.256", "ends in a number"},
                           Case{"10.1", "ends in a number"},
                           Case{"1::2::3", "no address"},
                           Case{"http://example.com", "only SIP's"},
                           Case{"sip:user@example.com", "for a domain"},
                           Case{"sip:example.com;transport=tls", "for a domain"},
                           Case{"sip:192.0.2.10", "that of a domain"},
                           Case{"sip:[2001:db8::1]", "that of a domain"},
                           Case{"sip:example.com:sips", "no port"},
                           Case{"sip:*.example.com", "no wildcard"},
                           Case{"sip:under_score.example.com", "underscore"},
                           Case{"sip.example.com:5061", "it has a port"},
                           Case{"*.example.com:5061", "it has a port"},
                           Case{"192.0.2.10:5061", "it has a port"},
                           Case{"[2001:db8::1]:5061", "it has a port"},
                           Case{"sip:", "no name"}}) {
    const auto fault = fault_of_name(each.name);
    INFO(each.name << ": " << (fault ? fault->why : "no fault"));
    REQUIRE(fault);
    CHECK(fault->why.find(each.why) != std::string::npos);
    CHECK_FALSE(fault->hint.empty());
  }
}

TEST_CASE("the common name is the first DNS name of at most 64 characters") {
  const auto of_64 = std::string(52, 'a') + ".example.com", of_65 = std::string(53, 'a') + ".example.com";
  REQUIRE(of_64.size() == 64);
  CHECK(common_name_of({"sip:example.com", "192.0.2.10", of_65, of_64, "sip.example.com"}) == of_64);
  CHECK(common_name_of({of_65, "*.example.com"}) == "*.example.com");
  CHECK_FALSE(common_name_of({"sip:example.com", "192.0.2.10", of_65}));
}
