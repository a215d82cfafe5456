#include "providers/genesys/endpoints.hpp"

#include <catch2/catch.hpp>

using namespace trunkform;
using namespace trunkform::genesys;

TEST_CASE("a region gives both hosts, and a misspelt one the nearest") {
  const auto endpoints = endpoints_of_region("euw2.pure.cloud").value();
  CHECK(endpoints.api == "https://api.euw2.pure.cloud");
  CHECK(endpoints.token == "https://login.euw2.pure.cloud/oauth/token");
  const auto error = endpoints_of_region("mypurecloud.con").error();
  CHECK(error.code == ErrorCode::invalid_input);
  CHECK(error.hints.at(0).find("mypurecloud.") != std::string::npos);
  CHECK_FALSE(endpoints_of_region("evil.example.com"));
  CHECK(endpoints_of_region("eu-central-1").error().hints.at(0) == "write mypurecloud.de");
}

TEST_CASE("a base address replaces both hosts, and a login address the token's alone") {
  const auto both = endpoints_of_urls("http://127.0.0.1:8080/").value();
  CHECK(both.api == "http://127.0.0.1:8080");
  CHECK(both.token == "http://127.0.0.1:8080/oauth/token");
  CHECK(both.host == "127.0.0.1:8080");
  CHECK(endpoints_of_urls("https://a.example.com", "https://b.example.com").value().token ==
        "https://b.example.com/oauth/token");
  for (const auto* url :
       {"", "ftp://a", "https://", "https:///", "a.example.com", "https://u@a", "https://a?x", "https://a\r\nb"}) {
    INFO(url);
    CHECK(endpoints_of_urls(url).error().code == ErrorCode::invalid_input);
  }
}

TEST_CASE("an id becomes one path segment or is refused") {
  CHECK(path_segment("7f3a-01").value() == "7f3a-01");
  CHECK(path_segment("a b?c#d").value() == "a%20b%3Fc%23d");
  CHECK(path_segment("ä").value() == "%C3%A4");
  for (const auto id : {std::string_view("../x"), std::string_view("a/b"), std::string_view("a%2fb"),
                        std::string_view(".."), std::string_view("."), std::string_view(""), std::string_view("a\r\nb"),
                        std::string_view("a\0b", 3), std::string_view("a\\b")}) {
    INFO(id);
    CHECK(path_segment(id).error().code == ErrorCode::invalid_input);
  }
  CHECK_FALSE(path_segment(std::string(257, 'a')));
}
