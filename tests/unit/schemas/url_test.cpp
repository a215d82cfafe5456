#include "schemas/model/url.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;

namespace {

std::string wrong_with(const std::string& text) {
  const auto url = parse_url(text);
  return url ? "nothing" : url.error().summary;
}

}  // namespace

TEST_CASE("an address is read into scheme, host, port and path") {
  const auto url = parse_url("https://API.Example.com:8443/genesys//");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->host == "api.example.com");
  CHECK(url->port == 8443);
  CHECK(url->authority == "API.Example.com:8443");
  CHECK(url->path == "/genesys");
  CHECK(url->base() == "https://API.Example.com:8443/genesys");
  CHECK_FALSE(url->has_query);
}

TEST_CASE("ports follow from the scheme, and addresses of IPv6 keep their brackets") {
  CHECK(parse_url("https://a.example")->port == 443);
  CHECK(parse_url("http://a.example/")->port == 80);
  const auto six = parse_url("http://[::1]:8080/x?y");
  REQUIRE(six);
  CHECK(six->host == "[::1]");
  CHECK(six->port == 8080);
  CHECK(six->base() == "http://[::1]:8080/x");
  CHECK(six->has_query);
}

TEST_CASE("what two readers might read differently is refused, and it is said why") {
  CHECK(wrong_with("") == "it does not begin with https://");
  CHECK(wrong_with("api.example.com") == "it does not begin with https://");
  CHECK(wrong_with("ftp://a.example") == "it does not begin with https://");
  CHECK(wrong_with("HTTPS://a.example") == "it does not begin with https://");
  CHECK(wrong_with("https://") == "it has no host");
  CHECK(wrong_with("https:///path") == "it has no host");
  CHECK(wrong_with("https://:443") == "it has no host");
  CHECK(wrong_with("https://[]/") == "it has no host");
  CHECK(wrong_with("https://api.mypurecloud.com@evil.example/") == "it holds credentials");
  CHECK(wrong_with("https://evil.example\\@api.mypurecloud.com") == "it holds credentials");
  CHECK(wrong_with("https://evil.example\\.mypurecloud.com") == "it has a backslash");
  CHECK(wrong_with("https://a.example/\\b") == "it has a backslash");
  CHECK(wrong_with("https://a%2eexample") == "its host has a percent sign");
  CHECK(wrong_with("https://[::1") == "its host begins with a bracket that does not end");
  CHECK(wrong_with("https://[::1]evil.example") == "something stands between its host and its port");
  CHECK(wrong_with("https://a.example:0") == "its port is no number from 1 to 65535");
  CHECK(wrong_with("https://a.example:65536") == "its port is no number from 1 to 65535");
  CHECK(wrong_with("https://a.example:") == "its port is no number from 1 to 65535");
  CHECK(wrong_with("https://a.example:80:90") == "its port is no number from 1 to 65535");
  CHECK(wrong_with("https://a.example/a b") == "it has a space or control character");
  CHECK(wrong_with("https://a.example/\n") == "it has a space or control character");
}

TEST_CASE("the loopback is known by its names only") {
  for (const auto* host : {"localhost", "[::1]", "127.0.0.1", "127.255.1.2"}) CHECK(is_loopback(host));
  for (const auto* host : {"127.0.0.1.example", "127.1", "localhost.example", "10.0.0.1", "::1", ""})
    CHECK_FALSE(is_loopback(host));
}
