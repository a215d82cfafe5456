#include "providers/probe/locate.hpp"

#include <map>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace trunkform;
using namespace trunkform::probe;

namespace {

/// A zone in memory.
struct Zone final : DnsClient {
  std::map<std::string, std::vector<NaptrRecord>> naptrs;
  std::map<std::string, std::vector<SrvRecord>> srvs;
  std::map<std::string, std::vector<std::string>> hosts;
  std::map<std::string, ErrorCode> failing;  ///< by name, whatever is asked
  std::vector<std::string> asked;

  Result<std::vector<NaptrRecord>> naptr(const Context&, const std::string& name) override {
    return answer(naptrs, "NAPTR", name);
  }
  Result<std::vector<SrvRecord>> srv(const Context&, const std::string& name) override {
    return answer(srvs, "SRV", name);
  }
  Result<std::vector<Target>> addresses(const Context&, const std::string& host, int port) override {
    const auto texts = TRY(answer(hosts, "A", host));
    if (texts.empty()) return Error(ErrorCode::not_found, host + " has no address");
    std::vector<Target> targets;
    for (const auto& text : texts) {
      ::sockaddr_in address{};
      address.sin_family = AF_INET;
      ::inet_pton(AF_INET, text.c_str(), &address.sin_addr);
      add_target(targets, reinterpret_cast<const ::sockaddr&>(address), sizeof address, port);
    }
    return targets;
  }

 private:
  template <class Records>
  Result<typename Records::mapped_type> answer(const Records& records, const char* kind, const std::string& name) {
    asked.push_back(fmt::format("{} {}", kind, name));
    if (const auto code = failing.find(name); code != failing.end()) return Error(code->second, "failing " + name);
    const auto found = records.find(name);
    return found == records.end() ? typename Records::mapped_type{} : found->second;
  }
};

Result<std::string> places(Zone& zone, const std::string& domain) {
  TlsProbePolicy policy;
  policy.host = domain;
  policy.location = Location::sips_domain;
  std::string text;
  for (const auto& place : TRY(locate({}, zone, policy)))
    text += (text.empty() ? "" : ", ") + place.text + (place.target ? "" : " fails");
  return text;
}

ErrorCode failure(Zone& zone, const std::string& domain) {
  const auto text = places(zone, domain);
  REQUIRE_FALSE(text);
  return text.error().code;
}

Zone two_edges() {
  Zone zone;
  zone.hosts = {{"one.test", {"192.0.2.1"}}, {"two.test", {"192.0.2.2", "192.0.2.3"}}, {"a.test", {"192.0.2.9"}}};
  return zone;
}

}  // namespace

TEST_CASE("NAPTR of the lowest order and the service SIPS+D2T leads to SRV, and SRV to every address") {
  auto zone = two_edges();
  zone.naptrs["a.test"] = {{20, 1, "s", "SIPS+D2T", "_sips._tcp.late.test"},
                           {5, 1, "s", "SIP+D2U", "_sip._udp.a.test"},
                           {10, 2, "S", "sips+d2t", "_sips._tcp.second.test."},
                           {10, 1, "s", "SIPS+D2T", "_sips._tcp.first.test"}};
  zone.srvs["_sips._tcp.first.test"] = {{10, 0, 5061, "one.test"}};
  zone.srvs["_sips._tcp.second.test"] = {{10, 0, 5062, "two.test."}};
  CHECK(places(zone, "a.test").value() ==
        "192.0.2.1:5061 (one.test), 192.0.2.2:5062 (two.test), 192.0.2.3:5062 (two.test)");
  CHECK(std::find(zone.asked.begin(), zone.asked.end(), "SRV _sips._tcp.late.test") == zone.asked.end());
}

TEST_CASE("without a NAPTR that fits, SRV by convention, by priority and then the greater weight") {
  auto zone = two_edges();
  zone.naptrs["a.test"] = {{1, 1, "s", "SIP+D2T", "_sip._tcp.a.test"}, {1, 1, "u", "SIPS+D2T", ""}};
  zone.srvs["_sips._tcp.a.test"] = {
      {20, 100, 5061, "one.test"}, {10, 1, 5062, "one.test"}, {10, 50, 5063, "one.test"}, {10, 50, 5063, "one.test"}};
  CHECK(places(zone, "a.test").value() ==
        "192.0.2.1:5063 (one.test), 192.0.2.1:5062 (one.test), 192.0.2.1:5061 (one.test)");
}

TEST_CASE("with neither NAPTR nor SRV a domain is a host, and its port 5061") {
  auto zone = two_edges();
  CHECK(places(zone, "a.test").value() == "192.0.2.9:5061");
  CHECK(zone.asked == std::vector<std::string>{"NAPTR a.test", "SRV _sips._tcp.a.test", "A a.test"});
}

TEST_CASE("a host of several that has no address is a place that fails, and does not hide the others") {
  auto zone = two_edges();
  zone.srvs["_sips._tcp.a.test"] = {{1, 1, 5061, "gone.test"}, {2, 1, 5061, "one.test"}};
  CHECK(places(zone, "a.test").value() == "gone.test:5061 fails, 192.0.2.1:5061 (one.test)");
}

TEST_CASE("what a domain says against SIP over TLS, and records without sense, are errors") {
  auto zone = two_edges();
  zone.srvs["_sips._tcp.closed.test"] = {{0, 0, 0, ""}};
  zone.naptrs["lost.test"] = {{1, 1, "s", "SIPS+D2T", "_sips._tcp.nowhere.test"}};
  zone.naptrs["odd.test"] = {{1, 1, "s", "SIPS+D2T", "a b\r\nX: y"}};
  zone.srvs["_sips._tcp.evil.test"] = {{1, 1, 5061, "one.test/../x"}};
  zone.srvs["_sips._tcp.zero.test"] = {{1, 1, 0, "one.test"}};
  zone.srvs["_sips._tcp.many.test"] = std::vector<SrvRecord>(33, {1, 1, 5061, "one.test"});
  CHECK(failure(zone, "closed.test") == ErrorCode::not_found);
  CHECK(failure(zone, "lost.test") == ErrorCode::not_found);
  CHECK(failure(zone, "odd.test") == ErrorCode::protocol);
  CHECK(failure(zone, "evil.test") == ErrorCode::protocol);
  CHECK(failure(zone, "zero.test") == ErrorCode::protocol);
  CHECK(failure(zone, "many.test") == ErrorCode::protocol);
  CHECK(failure(zone, "unknown.test") == ErrorCode::not_found);
  zone.hosts["wide.test"] = {};
  for (int i = 1; i <= 65; ++i) zone.hosts["wide.test"].push_back(fmt::format("192.0.2.{}", i));
  zone.srvs["_sips._tcp.a.test"] = {{1, 1, 5061, "wide.test"}};
  CHECK(failure(zone, "a.test") == ErrorCode::protocol);
}

TEST_CASE("a server that fails is no domain without records: nobody else is probed in its place") {
  for (const auto* name : {"a.test", "_sips._tcp.a.test"})
    for (const auto code : {ErrorCode::unavailable, ErrorCode::timeout, ErrorCode::cancelled}) {
      auto zone = two_edges();
      zone.failing[name] = code;
      CHECK(failure(zone, "a.test") == code);
    }
  auto zone = two_edges();
  zone.srvs["_sips._tcp.a.test"] = {{1, 1, 5061, "two.test"}, {2, 1, 5061, "one.test"}};
  zone.failing["two.test"] = ErrorCode::cancelled;
  CHECK(failure(zone, "a.test") == ErrorCode::cancelled);
}

TEST_CASE("the name that is asked for is the domain of the URI, not the host that a record names") {
  TlsProbePolicy policy;
  policy.host = "example.com";
  policy.location = Location::sips_domain;
  CHECK(server_name_of(policy) == "example.com");
  policy.server_name = "other.example.com";
  CHECK(server_name_of(policy) == "other.example.com");
  policy = {};
  policy.host = "192.0.2.1";
  CHECK(server_name_of(policy).empty());
}
