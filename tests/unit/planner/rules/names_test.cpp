#include "planner/rules/names.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::rules;

namespace {

CertificateFacts with(std::vector<AlternativeName> names) {
  CertificateFacts facts;
  facts.common_name = "cn.example.com";
  facts.names = std::move(names);
  return facts;
}

NameMatch sip(const CertificateFacts& facts, std::string_view name) {
  return match_name(facts, name, IdentityRules::rfc5922);
}
NameMatch web(const CertificateFacts& facts, std::string_view name) {
  return match_name(facts, name, IdentityRules::rfc6125);
}

}  // namespace

TEST_CASE("RFC 5922: sip URIs come first, and DNS names count only where there are none") {
  const auto both = with({{NameKind::dns, "dns.example.com"}, {NameKind::uri, "sip:uri.example.com"}});
  CHECK(sip(both, "uri.example.com") == NameMatch::exact);
  CHECK(sip(both, "dns.example.com") == NameMatch::none);
  CHECK(sip(with({{NameKind::dns, "dns.example.com"}}), "dns.example.com") == NameMatch::exact);
}

TEST_CASE("RFC 5922: a URI with userinfo, of another scheme or of sips is no domain") {
  for (const auto* uri :
       {"sip:alice@example.com", "sips:example.com", "https://example.com", "sip:", "sip:@example.com"}) {
    const auto facts = with({{NameKind::uri, uri}, {NameKind::dns, "dns.example.com"}});
    CHECK(sip(facts, "example.com") == NameMatch::none);
    CHECK(sip(facts, "dns.example.com") == NameMatch::exact);  // no domain by URI: DNS names count
  }
}

TEST_CASE("RFC 5922: the scheme and the host have no case, port and parameters are not the host") {
  CHECK(sip(with({{NameKind::uri, "SIP:Example.COM:5061;transport=tls"}}), "example.com") == NameMatch::exact);
  CHECK(sip(with({{NameKind::dns, "SIP.example.com"}}), "sip:sip.EXAMPLE.com") == NameMatch::exact);
}

TEST_CASE("names match whole, never by suffix, and never by the common name") {
  const auto facts = with({{NameKind::dns, "example.com"}});
  CHECK(sip(facts, "sip.example.com") == NameMatch::none);
  CHECK(sip(facts, "example.co") == NameMatch::none);
  CHECK(sip(facts, "cn.example.com") == NameMatch::none);
  CHECK(web(facts, "cn.example.com") == NameMatch::none);
  CHECK(sip(with({{NameKind::dns, std::string("example.com\0.evil.net", 21)}}), "example.com") == NameMatch::none);
}

TEST_CASE("a wildcard is told apart, covers one whole label, and no address or asterisk") {
  const auto facts = with({{NameKind::dns, "*.example.com"}});
  CHECK(web(facts, "sip.example.com") == NameMatch::wildcard);
  CHECK(sip(facts, "sip.example.com") == NameMatch::none);  // RFC 5922 §7.2
  CHECK(web(facts, "a.b.example.com") == NameMatch::none);
  CHECK(web(facts, "example.com") == NameMatch::none);
  CHECK(web(facts, ".example.com") == NameMatch::none);
  CHECK(web(with({{NameKind::dns, "*.com"}}), "example.com") == NameMatch::none);
  CHECK(web(with({{NameKind::dns, "s*.example.com"}}), "sip.example.com") == NameMatch::none);
  CHECK(web(with({{NameKind::dns, "*.0.2.1"}}), "192.0.2.1") == NameMatch::none);
}

TEST_CASE("RFC 6125: addresses match addresses") {
  const auto facts = with({{NameKind::ip, "192.0.2.1"}});
  CHECK(web(facts, "192.0.2.1") == NameMatch::exact);
  CHECK(sip(facts, "192.0.2.1") == NameMatch::none);
}

TEST_CASE("an address among the DNS names is no name") {
  for (const auto* address : {"192.0.2.1", "2001:db8::1"}) {
    const auto facts = with({{NameKind::dns, address}, {NameKind::dns, "sip.example.com"}});
    CHECK(sip(facts, address) == NameMatch::none);
    CHECK(web(facts, address) == NameMatch::none);
    CHECK(sip(facts, "sip.example.com") == NameMatch::exact);
  }
}
