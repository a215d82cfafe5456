#include "planner/language/private_keys/private_keys.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "planner/language/functions/base64.hpp"

using namespace trunkform::language;
using namespace std::string_view_literals;

namespace {

bool holds_private_key(std::string_view bytes) { return search_private_key(bytes) == KeySearch::found; }

/// How such a key begins; the rest is noise, as of a real one.
std::string key(std::string_view beginning) {
  std::string bytes(beginning);
  for (int i = 0; i < 60; ++i) bytes.push_back(static_cast<char>(i * 37 + 11));
  return bytes;
}

const std::string k_ed25519 = key("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20"sv);
const std::string k_sec1 = key("\x30\x77\x02\x01\x01\x04\x20"sv);
const std::string k_pkcs1 = key("\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00"sv);
const std::string k_pkcs12 =
    key("\x30\x82\x09\xa1\x02\x01\x03\x30\x82\x09\x67\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"sv);
const std::string k_encrypted = key("\x30\x82\x01\x3b\x30\x57\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d\x30"sv);

std::string hex(std::string_view bytes, std::string_view before) {
  constexpr auto k_digits = "0123456789abcdef"sv;
  std::string text;
  for (const unsigned char byte : bytes) {
    text += before;
    text += {k_digits[byte >> 4U], k_digits[byte & 15U]};
  }
  return text;
}

/// `wraps`: above 127 negative, as Java's bytes.
std::string decimal(std::string_view bytes, std::string_view between, bool wraps) {
  std::string text;
  for (const unsigned char byte : bytes) {
    if (!text.empty()) text += between;
    text += std::to_string(wraps && byte > 127 ? byte - 256 : byte);
  }
  return text;
}

std::string base32(std::string_view bytes) {
  std::string text;
  unsigned held = 0, bits = 0;
  for (const unsigned char byte : bytes) {
    held = held << 8U | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[held >> (bits - 5) & 31U];
  }
  return text;
}

std::string in_lines(std::string_view text, std::string_view end) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); i += 32) (lines += text.substr(i, 32)) += end;
  return lines;
}

std::string replaced(std::string text, char what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, 1, by);
  return text;
}

}  // namespace

TEST_CASE("What is a private key is told by its beginning") {
  CHECK(holds_private_key("x\n-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  CHECK(holds_private_key("\x30\x2e\x02\x01\x00\x30\x05"sv));                  // PKCS #8, Ed25519
  CHECK(holds_private_key("\x30\x77\x02\x01\x01\x04\x20"sv));                  // SEC 1, P-256
  CHECK(holds_private_key("\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01"sv));  // PKCS #1
  CHECK(holds_private_key("\x30\x82\x09\xa1\x02\x01\x03\x30\x82\x09\x67"sv));  // PKCS #12
  CHECK(holds_private_key(
      "\x30\x82\x01\x3b\x30\x57\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"sv));            // encrypted PKCS #8
  CHECK_FALSE(holds_private_key("\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"sv));  // a public key
  CHECK_FALSE(holds_private_key("\x30\x82\x03\x01\x30\x82\x02\xa7\xa0\x03\x02"sv));          // a certificate
  CHECK_FALSE(holds_private_key("\x30\x82"sv));
  CHECK_FALSE(holds_private_key("\x30\xff"sv));
  CHECK_FALSE(holds_private_key("\x30\x03\x02\x01\x00"sv));
  CHECK_FALSE(holds_private_key("-----BEGIN PUBLIC KEY-----"));
  CHECK_FALSE(holds_private_key(""));
}

TEST_CASE("A private key is found in every plain writing of it") {
  for (const auto& der : {k_ed25519, k_sec1, k_pkcs1, k_pkcs12, k_encrypted}) {
    const auto base64 = to_base64(der);
    const auto url = replaced(replaced(replaced(base64, '+', "-"), '/', "_"), '=', "");
    INFO(base64);
    CHECK(holds_private_key("behind bytes " + der));
    CHECK(holds_private_key(base64));
    CHECK(holds_private_key(url));
    CHECK(holds_private_key(in_lines(base64, "\r\n    ")));
    CHECK(holds_private_key("the key is: " + base64));
    CHECK(holds_private_key("the key  is " + base64));  // the words are base64 as well, in each length
    CHECK(holds_private_key("a key is it " + base64));
    CHECK(holds_private_key("key" + base64));
    CHECK(holds_private_key(R"({"key":")" + in_lines(base64, R"(\n)") + "\"}"));
    CHECK(holds_private_key("key=" + replaced(replaced(base64, '+', "%2B"), '/', "%2F")));
    CHECK(holds_private_key(to_base64(base64)));
    CHECK(holds_private_key(hex(der, "")));
    CHECK(holds_private_key("abc" + hex(der, "")));
    CHECK(holds_private_key(hex(der, ":")));
    CHECK(holds_private_key(hex(der, ", 0x")));
    CHECK(holds_private_key(hex(der, R"(\x)")));
    for (const auto* between : {";", "-", "; ", " - ", "|"}) CHECK(holds_private_key(hex(der, between)));
    CHECK(holds_private_key(hex(base64, "")));
    CHECK(holds_private_key(decimal(der, ", ", false)));
    CHECK(holds_private_key("[" + decimal(der, ",\n  ", true) + "]"));
    CHECK(holds_private_key("bytes = " + decimal(der, "-", false)));
    CHECK(holds_private_key(base32(der)));
    CHECK(holds_private_key("the key is " + in_lines(base32(der), "\n")));
    CHECK(holds_private_key(std::string(base64.rbegin(), base64.rend())));
    CHECK(holds_private_key(std::string(der.rbegin(), der.rend())));
  }
}

TEST_CASE("Forms of private keys that name themselves are found, also where they are encoded") {
  const std::string pem = "-----BEGIN EC PRIVATE KEY-----\nMHc\n";
  CHECK(holds_private_key(to_base64(pem)));
  CHECK(holds_private_key("{\"data\": {\"tls.key\": \"" + to_base64(to_base64(pem)) + "\"}}"));
  CHECK(holds_private_key(hex(pem, "")));
  CHECK(holds_private_key(std::string(pem.rbegin(), pem.rend())));
  CHECK(holds_private_key("-----BEGIN+EC+PRIVATE+KEY-----"));
  CHECK(holds_private_key("-----BEGIN%20EC%20PRIVATE%20KEY-----"));
  std::string wide;
  for (const char one : pem) wide += {one, '\0'};
  CHECK(holds_private_key(wide));
  CHECK(holds_private_key("-----BEGIN PGP PRIVATE KEY BLOCK-----"));
  CHECK(holds_private_key("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"));
  CHECK(holds_private_key(to_base64("openssh-key-v1\0\0\0\0\4none"sv)));
  CHECK(holds_private_key("PuTTY-User-Key-File-3: ssh-rsa\n"));
  CHECK(holds_private_key("Private-Key: (256 bit)\n"));
  CHECK(holds_private_key("ED25519 Private-Key:\npriv:\n"));
  CHECK(holds_private_key("<RSAKeyValue><Modulus>AA</Modulus><D>BB</D></RSAKeyValue>"));
  CHECK(holds_private_key("\xfe\xed\xfe\xed\0\0\0\2"sv));
  CHECK(holds_private_key("\x1e\xf1\xb5\xb0\0\0\0\0\1\0\0\0"sv));
  CHECK(holds_private_key(to_base64("\x07\x02\0\0\0\xa4\0\0RSA2\0\x08\0\0\1\0\1\0\xab\xcd\xef\x12"sv)));
  CHECK_FALSE(holds_private_key("\x06\x02\0\0\0\xa4\0\0RSA1\0\x08\0\0"sv));  // the public one
}

TEST_CASE("A JWK is private by its members") {
  const std::string number = "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT";
  CHECK(holds_private_key(R"({"kty":"EC","crv":"P-256","d":")" + number + "\"}"));
  CHECK(holds_private_key("{ \"d\" : \"" + number + "\", \"kty\" : \"OKP\" }"));
  CHECK(holds_private_key(R"({"kty":"oct","k":")" + number + "\"}"));
  CHECK(holds_private_key(R"({"kty":"EC","\u0064":")" + number + "\"}"));
  CHECK(holds_private_key(R"({"jwk":"{\"kty\":\"EC\",\"d\":\")" + number + R"(\"}"})"));
  CHECK(holds_private_key("kty: EC\nd: " + number + "\n"));
  for (const auto* block : {">-", "|", "|2+", ">\n"})
    CHECK(holds_private_key("kty: EC\nd: " + std::string(block) + "\n  " + number + "\n"));
  CHECK(holds_private_key("{ kty = \"EC\", d = \"" + number + "\" }"));
  CHECK_FALSE(holds_private_key(R"({"kty":"EC","crv":"P-256","x":")" + number + R"(","kid":")" + number + "\"}"));
  CHECK_FALSE(holds_private_key(R"({"kty":"EC","d":"short"})"));
  CHECK_FALSE(holds_private_key("{\"d\":\"" + number + "\"}"));
}

TEST_CASE("A file that is text in every alphabet at once costs no more than a few passes") {
  constexpr std::size_t k_size = 1U << 18U;
  CHECK(search_private_key(std::string(k_size, 'V')) == KeySearch::gave_up);
  CHECK_FALSE(holds_private_key(std::string(k_size, 'V')));
  const auto times = [](std::string_view text, std::size_t bytes) {
    std::string all;
    while (all.size() < bytes) all += text;
    return all;
  };
  // What people have: prose, lists of words, encoded noise, dumps, numbers, JSON.
  std::string noise;
  for (std::size_t i = 0, held = 1; i < k_size / 2; ++i)
    noise.push_back(static_cast<char>((held = held * 6364136223846793005U + 1442695040888963407U) >> 56U));
  CHECK(search_private_key(times("the quick brown fox jumps over the lazy dog ", k_size)) == KeySearch::none);
  CHECK(search_private_key(times("carrier\nregion\ntrunk\nsite\nedge\n", k_size)) == KeySearch::none);
  CHECK(search_private_key(noise) == KeySearch::none);
  CHECK(search_private_key(in_lines(to_base64(noise), "\n")) == KeySearch::none);
  CHECK(search_private_key(hex(noise, "")) == KeySearch::none);
  CHECK(search_private_key(hex(noise, " ")) == KeySearch::none);
  CHECK(search_private_key(base32(noise)) == KeySearch::none);
  CHECK(search_private_key(decimal(noise, ", ", false)) == KeySearch::none);
  CHECK(search_private_key(times(R"({"name": "east", "id": 4711}, )", k_size)) == KeySearch::none);
  CHECK(search_private_key(std::string(5000, 'V')) == KeySearch::none);
}

TEST_CASE("What is public, and what cannot be known, holds no private key") {
  // A list of revoked certificates, a request and a certificate of version 1 have a version or number, then a name.
  const auto list = key(
      "\x30\x82\x01\x05\x30\x81\xee\x02\x01\x01\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00\x30\x10"sv);
  const auto request =
      key("\x30\x82\x01\x05\x30\x81\xee\x02\x01\x00\x30\x10\x31\x0e\x30\x0c\x06\x03\x55\x04\x03\x0c\x05"sv);
  const auto signed_data = key(
      "\x30\x82\x01\x05\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x82\x01\x00\x30\x81\xfd\x02\x01\x01\x31\x00"sv);
  for (const auto& der : {list, request, signed_data}) {
    CHECK_FALSE(holds_private_key(der));
    CHECK_FALSE(holds_private_key(to_base64(der)));
    CHECK_FALSE(holds_private_key(hex(der, "")));
    CHECK_FALSE(holds_private_key(hex(der, "-")));
    CHECK_FALSE(holds_private_key(decimal(der, ", ", false)));
    CHECK_FALSE(holds_private_key(base32(der)));
  }
  // Where an escape divides it, what is behind begins with a version.
  CHECK_FALSE(holds_private_key("MIH%2FMIGmAgEBMAoGCCqGSM49BAMCMAwxCjAIBgNVBAMMAXgwHhcNMjYxMTI4MTU1MDM1WhcNMjYx"));
  CHECK_FALSE(holds_private_key("Hi ${name}%{ if loud }!%{ endif } \\ MII of 30 82 02 01 00"));
  CHECK_FALSE(holds_private_key("8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4"));  // or a digest
}
