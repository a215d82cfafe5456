// Secrets in XML and base64, taken out without a copy in ordinary memory.
#include <catch2/catch.hpp>

#include "providers/cloud/secret_xml.hpp"

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
