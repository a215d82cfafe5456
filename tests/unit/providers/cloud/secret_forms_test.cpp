// Secrets in XML and base64, taken out without a copy in ordinary memory.
#include <catch2/catch.hpp>

#include "providers/cloud/secret_xml.hpp"
#include "schemas/codec/base64.hpp"

using namespace trunkform;
using namespace trunkform::cloud;

TEST_CASE("a text is found in XML by its element's local name, with its entities resolved") {
  const SecretXml xml(SecretBuffer::copy_of(
      R"(<?xml version="1.0"?><a:R xmlns:a="u"><Error><Code>x</Code></Error><a:Key>a&amp;b&#x41;</a:Key><Key>second</Key>)"
      R"(<Empty/><Raw><![CDATA[<c>]]></Raw><Outer><Inner>in</Inner></Outer></a:R>)"));
  CHECK(xml.secret("Key")->view() == "a&bA");
  CHECK(xml.text("Code") == "x");
  CHECK(xml.text("Empty") == "");
  CHECK(xml.text("Raw") == "<c>");
  CHECK(xml.text("Inner") == "in");
  CHECK_FALSE(xml.text("Error"));
  CHECK_FALSE(xml.text("key"));
  for (const auto* broken : {"", "text", "<a><Key>x</a>", "<a", "{\"Key\":1}"})
    CHECK_FALSE(SecretXml(SecretBuffer::copy_of(broken)).text("Key"));
  // No entity of a document's own: neither files nor bombs.
  const SecretXml entities(
      SecretBuffer::copy_of(R"(<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a><Key>&e;</Key></a>)"));
  CHECK(entities.text("Key").value_or("").find("root") == std::string::npos);
}

TEST_CASE("base64 of secrets goes both ways, and what is none is none") {
  for (const auto* text : {"", "a", "ab", "abc", "abcd", "\xff\xfe~"}) {
    const auto encoded = encode_secret_base64(SecretBuffer::copy_of(text));
    CHECK(encoded.view() == encode_base64(text));
    CHECK(decode_secret_base64(encoded.view())->view() == text);
  }
  CHECK(decode_secret_base64("YWJj\r\nZA==\n")->view() == "abcd");
  for (const auto* bad : {"a", "YWJ", "YW=j", "YWJj====", "=", "a===", "YW J", " YWJj", "YWJ*", "Y=Jj"}) {
    INFO(bad);
    CHECK_FALSE(decode_secret_base64(bad));
  }
}
