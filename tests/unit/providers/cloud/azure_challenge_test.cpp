// What a key vault says when it does not know who asks: read as it is written, judged, and never followed.
#include <catch2/catch.hpp>

#include "providers/cloud/azure/challenge.hpp"

using namespace trunkform;
using namespace trunkform::cloud;

namespace {

const azure::VaultPlace k_own_vault = *azure::vault_place("sip");

azure::Challenge challenge_in(const std::string& header) {
  const auto challenge = azure::parse_challenge(header);
  INFO(header);
  REQUIRE(challenge);
  CHECK(challenge->authority_host == "login.windows.net");
  CHECK(challenge->tenant == "tenant-1");
  CHECK(challenge->resource == "https://vault.azure.net");
  return *challenge;
}

ErrorCode judged(const azure::Challenge& challenge, const azure::Authority& ours) {
  const auto checked = azure::check_challenge(challenge, k_own_vault, ours);
  return checked ? ErrorCode::cancelled : checked.error().code;
}
constexpr auto k_accepted = ErrorCode::cancelled;

}  // namespace

TEST_CASE("a challenge is read in every form that Microsoft's services give it") {
  challenge_in(R"(Bearer authorization="https://login.windows.net/tenant-1", resource="https://vault.azure.net")");
  challenge_in(R"(bearer   AUTHORIZATION="https://login.windows.net/tenant-1",Resource="https://vault.azure.net")");
  challenge_in(
      R"(Bearer authorization_uri="https://login.windows.net/tenant-1", scope="https://vault.azure.net/.default")");
  challenge_in("BEARER authorization=https://login.windows.net/tenant-1 resource=https://vault.azure.net/");
  challenge_in(
      R"(  Bearer authorization="https://login.windows.net/tenant-1/oauth2/authorize", resource="https://vault.azure.net//", x=1)");
  challenge_in(R"(Bearer resource="https://vault.azure.net",	authorization="https://LOGIN.windows.net/tenant-1/")");
  // The first of one name counts.
  challenge_in(
      R"(Bearer authorization="https://login.windows.net/tenant-1", resource="https://vault.azure.net", resource="https://graph.microsoft.com")");
}

TEST_CASE("what is no challenge of these is none") {
  for (const auto* header :
       {"", "Bearer", "Bearer ", "Negotiate",
        R"(Digest authorization="https://login.windows.net/tenant-1", resource="https://vault.azure.net")",
        R"(Bearer authorization="https://login.windows.net/tenant-1")",
        R"(Bearer authorization="https://login.windows.net/tenant-1", resource="")",
        R"(Bearer authorization="https://login.windows.net/tenant-1", resource="/.default")",
        R"(Bearer resource="https://vault.azure.net")",
        R"(Bearer authorization="login.windows.net", resource="https://vault.azure.net")",
        R"(Bearer authorization="https://us@login.windows.net/t", resource="https://vault.azure.net")"}) {
    INFO(header);
    CHECK_FALSE(azure::parse_challenge(header));
  }
}

TEST_CASE("each of Microsoft's names for its authorities stands for the one that we log in at, and for no other") {
  const auto [theirs, ours] = GENERATE(table<std::string, std::string>({
      {"login.windows.net", "login.microsoftonline.com"},
      {"login.microsoft.com", "login.microsoftonline.com"},
      {"sts.windows.net", "login.microsoftonline.com"},
      {"login.microsoftonline.com", "login.microsoftonline.com"},
      {"login.partner.microsoftonline.cn", "login.chinacloudapi.cn"},
      {"login.usgovcloudapi.net", "login.microsoftonline.us"},
  }));
  const azure::Challenge challenge{theirs, "tenant-1", "https://vault.azure.net"};
  INFO(theirs);
  CHECK(judged(challenge, {ours, "tenant-1"}) == k_accepted);
  for (const std::string other :
       {"login.microsoftonline.com", "login.chinacloudapi.cn", "login.microsoftonline.us", "login.example.com"})
    if (other != ours) CHECK(judged(challenge, {other, "tenant-1"}) == ErrorCode::untrusted);
}

TEST_CASE("a challenge is held against the vault, the authority and the tenant, without regard to case") {
  const azure::Authority ours{"login.microsoftonline.com", "Tenant-1"};
  const azure::Challenge good{"login.windows.net", "TENANT-1", "https://VAULT.azure.net"};
  CHECK(judged(good, ours) == k_accepted);
  auto challenge = good;
  for (const auto* resource : {"https://graph.microsoft.com", "https://vault.azure.net.example.com",
                               "https://example.vault.azure.net", "http://vault.azure.net", "vault.azure.net", ""}) {
    challenge.resource = resource;
    CHECK(judged(challenge, ours) == ErrorCode::untrusted);
    // Also where nobody knows what a machine's own identity is of.
    CHECK(judged(challenge, {}) == ErrorCode::untrusted);
  }
  challenge = good;
  challenge.tenant = "tenant-2";
  CHECK(judged(challenge, ours) == ErrorCode::denied);
  CHECK(judged(challenge, {}) == k_accepted);
  challenge = good;
  challenge.authority_host = "login.example.com";
  CHECK(judged(challenge, ours) == ErrorCode::untrusted);
  CHECK(judged(challenge, {}) == k_accepted);
}
