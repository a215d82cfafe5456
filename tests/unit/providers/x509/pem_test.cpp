#include <fmt/format.h>

#include "providers/x509/private_key.hpp"
#include "providers/x509/trust_store.hpp"
#include "schemas/codec/base64.hpp"
#include "schemas/ports/secret_buffer.hpp"
#include "tests/unit/providers/x509/samples.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using samples::family;
using samples::parsed;

namespace {

std::string with_line_ends(std::string pem, std::string_view line_end) {
  std::string text;
  for (const char character : pem) {
    if (character == '\n') {
      text += line_end;
    } else {
      text += character;
    }
  }
  return text;
}

/// What `openssl pkcs12 -export` and Windows write: a length of two bytes, of one, and none.
const std::vector<std::string> k_pfx_beginnings = {"\x30\x82\x05\x10\x02\x01\x03\x30", "\x30\x70\x02\x01\x03\x30",
                                                   "\x30\x80\x02\x01\x03\x30"};

/// And of a .p7b file, with the object identifier of signedData.
const std::vector<std::string> k_signed_beginnings = {"\x30\x82\x05\x10\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
                                                      "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"};

/// OpenSSL's trusted form: what the certificate is to be trusted for stands behind it.
std::string trusted(const testing::Issued& issued, const std::string& behind = std::string("\x30\x00", 2)) {
  Certificate longer;
  longer.der = issued.der + behind;
  auto renamed = to_pem(longer);
  for (auto at = renamed.find("CERTIFICATE"); at != std::string::npos; at = renamed.find("CERTIFICATE", at + 20))
    renamed.insert(at, "TRUSTED ");
  return renamed;
}

Error failure(const std::string& pem, const PemLimits& limits = {}) {
  const auto result = parse_certificates(pem, limits);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::invalid_input);
  return result.error();
}

}  // namespace

TEST_CASE("a chain is read block by block, and written back as canonical PEM") {
  const auto pem = family().chain_pem();
  const auto certificates = parsed(pem);
  REQUIRE(certificates.size() == 2);
  CHECK(certificates[0].der == family().leaf.der);
  CHECK(certificates[1].der == family().intermediate.der);
  CHECK(to_pem(certificates) == pem);
}

TEST_CASE("every line end, a byte order mark, blanks and text around blocks are tolerated") {
  const auto pem = family().chain_pem();
  CHECK(to_pem(parsed(with_line_ends(pem, "\r\n"))) == pem);
  CHECK(to_pem(parsed(with_line_ends(pem, "\r"))) == pem);
  CHECK(to_pem(parsed(with_line_ends(pem, "  \n"))) == pem);
  CHECK(to_pem(parsed("\xEF\xBB\xBF" + pem)) == pem);
  CHECK(to_pem(parsed("subject=CN = x\n" + family().leaf.pem + "\ns: y -- z\n\n" + family().intermediate.pem +
                      "end")) == pem);
  CHECK(to_pem(parsed(pem.substr(0, pem.size() - 1))) == pem);
}

TEST_CASE("private keys and other blocks beside certificates are skipped") {
  const auto mixed = family().leaf.key.text() + family().leaf.pem;
  CHECK(parsed(mixed).size() == 1);
}

TEST_CASE("a certificate in OpenSSL's trusted form is read, without what it is trusted for") {
  for (const auto& behind : {std::string(), std::string("\x30\x00", 2)}) {
    const auto pem = family().leaf.pem + trusted(family().intermediate, behind);
    CHECK(to_pem(parsed(pem)) == family().chain_pem());
    CHECK(to_pem(parsed(*certificates_in(SecretBuffer::copy_of(pem)))) == family().chain_pem());
  }
  const auto damaged = "-----BEGIN TRUSTED CERTIFICATE-----\nMAAA\n-----END TRUSTED CERTIFICATE-----\n";
  CHECK(failure(damaged).summary == "certificate 1 (line 1) is not an X.509 certificate");

  // Who is trusted there might be trusted for something else, or not at all.
  const auto store = TrustStore::from_pem(family().root.pem + trusted(family().intermediate));
  REQUIRE_FALSE(store);
  CHECK(store.error().summary.find("a TRUSTED CERTIFICATE at line ") != std::string::npos);
  REQUIRE_FALSE(store.error().hints.empty());
  CHECK(store.error().hints.front().find("openssl x509 -in FILE -out") != std::string::npos);
}

TEST_CASE("a certificate that is rejected for TLS in OpenSSL's trusted form is refused, by its block") {
  // SEQUENCE { [0] { one purpose } }, as `openssl x509 -addreject` writes it; the last arc of id-kp is the purpose's.
  const auto rejecting = [](char purpose) {
    return std::string("\x30\x0c\xa0\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03") + purpose;
  };
  for (const auto& [purpose, word] : {std::pair{'\1', "serverAuth"}, std::pair{'\2', "clientAuth"}}) {
    const auto error = failure(family().leaf.pem + trusted(family().intermediate, rejecting(purpose)));
    CHECK(error.summary.starts_with("certificate 2 (line "));
    CHECK(error.summary.find(word) != std::string::npos);
    CHECK(error.hints.back().find("openssl x509 -in FILE -out FILE.pem") != std::string::npos);
  }
  const auto any = std::string("\x30\x08\xa0\x06\x06\x04\x55\x1d\x25", 9) + '\0';
  CHECK(failure(trusted(family().leaf, any)).summary.find("anything (anyExtendedKeyUsage)") != std::string::npos);
  // Rejected for e-mail alone; trusted for servers alone.
  CHECK(parsed(trusted(family().leaf, rejecting('\4'))).size() == 1);
  const std::string accepting = "\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01";
  CHECK(parsed(trusted(family().leaf, accepting)).size() == 1);
  // What nobody can read might reject it.
  CHECK(failure(trusted(family().leaf, "\x31\x02\x02\x01")).summary.find("cannot be read") != std::string::npos);
  CHECK(failure(trusted(family().leaf, accepting + "x")).summary.find("cannot be read") != std::string::npos);
}

TEST_CASE("certificates in DER are the same as in PEM, one or several") {
  const auto& chain = family().chain_pem();
  const auto both = family().leaf.der + family().intermediate.der;
  CHECK(to_pem(parsed(both)) == chain);
  CHECK(to_pem(parsed(family().leaf.der)) == family().leaf.pem);
  CHECK(certificates_in(SecretBuffer::copy_of(both)).value() == chain);
  CHECK(chain_digest_of_pem(both).value() == chain_digest_of_pem(chain).value());
  const auto store = TrustStore::from_pem(family().root.der);
  REQUIRE(store);

  const auto cut = failure(both.substr(0, both.size() - 1));
  CHECK(cut.summary == "certificate 2 (DER) is cut off or damaged");
  const auto behind = failure(family().leaf.der + family().leaf.key.text());
  CHECK(behind.summary == "something else than a certificate stands behind certificate 1, in DER");
  CHECK_FALSE(certificates_in(SecretBuffer::copy_of(family().leaf.der + family().leaf.key.text())));
  std::string many;
  for (int i = 0; i < 101; ++i) many += family().leaf.der;
  CHECK(failure(many).summary == "there are more than 100 certificates");
  CHECK(failure(family().leaf.der, {1U << 20, 100, 100}).summary == "certificate 1 (DER) is larger than 100 bytes");
}

TEST_CASE("PKCS #7 beside certificates is not passed over") {
  const auto pem = family().leaf.pem + "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n";
  const auto error = failure(pem);
  CHECK(error.summary.starts_with("there is PKCS #7 beside certificates, at line "));
  REQUIRE_FALSE(error.hints.empty());
  CHECK(error.hints.front().find("openssl pkcs7 -in FILE -print_certs") != std::string::npos);
  CHECK_FALSE(certificates_in(SecretBuffer::copy_of(pem)));
}

TEST_CASE("a text cut off at any byte never gives a certificate that was not whole, and always a reason") {
  const auto pem = family().chain_pem();
  const auto first = family().leaf.pem.size();
  for (std::size_t size = 0; size < pem.size(); ++size) {
    const auto result = parse_certificates(pem.substr(0, size));
    if (!result) {
      CHECK_FALSE(result.error().summary.empty());
      continue;
    }
    CAPTURE(size);
    // The leaf alone stands before the second BEGIN is complete enough to be seen, or all but the last line end.
    const bool leaf_alone = result->size() == 1 && size + 1 >= first && size < first + 5;
    const bool all = result->size() == 2 && size + 1 == pem.size();
    CHECK((leaf_alone || all));
  }
}

TEST_CASE("what is wrong is said with the block and the line") {
  const auto leaf = family().leaf.pem;
  const auto lines = static_cast<std::size_t>(std::count(leaf.begin(), leaf.end(), '\n'));
  SECTION("a character that is not base64, in the second certificate") {
    auto second = family().intermediate.pem;
    second[second.find('\n') + 3] = '!';
    const auto error = failure(leaf + second);
    CHECK(error.summary == fmt::format("certificate 2 (line {}) is damaged", lines + 1));
    CHECK(error.detail == "a character that is not base64, 1 lines below BEGIN");
  }
  SECTION("no END") {
    const auto error = failure(leaf.substr(0, leaf.find("-----END")));
    CHECK(error.summary == "not valid PEM at line 1: the block has no END line: the text is cut off");
  }
  SECTION("BEGIN inside a block") {
    CHECK(failure(leaf.substr(0, leaf.find("-----END")) + leaf)
              .summary.find("BEGIN inside the block that begins at line 1") != std::string::npos);
  }
  SECTION("END without BEGIN") {
    CHECK(failure("-----END CERTIFICATE-----\n").summary.find("END without its BEGIN") != std::string::npos);
  }
  SECTION("a misspelt boundary") {
    CHECK(failure("-----BEGIN CERTIFICATE----\n").summary.find("neither BEGIN nor END") != std::string::npos);
  }
  SECTION("base64 of something else") {
    const auto error = failure("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    CHECK(error.summary == "certificate 1 (line 1) is not an X.509 certificate");
  }
  SECTION("bytes behind the certificate") {
    auto longer = family().leaf;
    longer.der += '\0';
    CHECK_FALSE(parse_der(longer.der));
  }
  SECTION("padding in the middle") {
    CHECK(failure("-----BEGIN CERTIFICATE-----\nAA==AAAA\n-----END CERTIFICATE-----\n").summary.find("is damaged") !=
          std::string::npos);
  }
}

TEST_CASE("what is no PEM is explained with the command that mends it") {
  const auto hint = [](const std::string& text) {
    const auto error = failure(text);
    return error.hints.empty() ? error.detail : error.hints.front();
  };
  CHECK(hint("") == "the text is empty");
  CHECK(hint("\x30\x03\x02\x01\x01").find("openssl asn1parse -inform DER") != std::string::npos);
  CHECK(hint(family().leaf.key.text()).find("private key") != std::string::npos);
  CHECK(hint("-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n").find("openssl pkcs7 -in FILE") != std::string::npos);
  for (const auto& beginning : k_signed_beginnings)
    CHECK(hint(beginning + std::string(100, '\0')).find("openssl pkcs7 -inform DER -in FILE") != std::string::npos);
}

TEST_CASE("PEM that was changed on its way is told as what it is, with the command that mends it") {
  const auto pem = family().chain_pem();
  const auto wide = [&](bool high_first) {
    std::string text;
    for (const char character : pem) text += high_first ? std::string{'\0', character} : std::string{character, '\0'};
    return text;
  };
  const auto told = [](const std::string& text, std::string_view what, std::string_view command) {
    const auto error = failure(text);
    CHECK(error.summary.find(what) != std::string::npos);
    REQUIRE(error.hints.size() == 1);
    CHECK(error.hints.front().find(command) != std::string::npos);
  };
  told(wide(false), "UTF-16", "iconv -f UTF-16LE -t UTF-8");
  told(wide(true), "UTF-16", "iconv -f UTF-16BE -t UTF-8");
  told("\xFF\xFE" + wide(false), "UTF-16", "iconv -f UTF-16 -t UTF-8");
  told(with_line_ends(pem, "\\n"), "two characters", "sed -e");
  told('"' + with_line_ends(pem, "\\n") + "\"\n", "two characters", "sed -e");
  told(with_line_ends(pem, ""), "in one line", "sed -E");
  told(with_line_ends(pem, " "), "in one line", "sed -E");
  told(encode_base64(pem), "base64 once more", "base64 -d FILE >FILE.pem");
  told(encode_base64(family().leaf.der), "without its lines BEGIN and END", "base64 -d FILE >FILE.der");
}

TEST_CASE("a PEM bomb is refused before it is decoded") {
  std::string many;
  for (int i = 0; i < 101; ++i) many += family().leaf.pem;
  CHECK(failure(many).summary.find("more than 100 blocks") != std::string::npos);
  CHECK(failure(std::string((1U << 20) + 1, 'A')).summary == "the certificates are larger than 1048576 bytes");
  const auto wide = "-----BEGIN CERTIFICATE-----\n" + std::string(100000, 'A') + "\n-----END CERTIFICATE-----\n";
  CHECK(failure(wide).summary == "certificate 1 (line 1) is larger than 65536 bytes");
}

TEST_CASE("a certificate with any one byte changed is read or refused, and never crashes") {
  const auto& der = family().leaf.der;
  int refused = 0;
  for (std::size_t i = 0; i < der.size(); ++i) {
    auto damaged = der;
    damaged[i] = static_cast<char>(damaged[i] ^ 0xFF);
    if (!parse_der(damaged)) ++refused;
  }
  CHECK(refused > 20);
  for (std::size_t size = 0; size < der.size(); ++size) CHECK_FALSE(parse_der(der.substr(0, size)));
}

TEST_CASE("PKCS #12 is called by its name, with the commands that make PEM of it") {
  for (const auto& beginning : k_pfx_beginnings) {
    const auto bytes = beginning + std::string(100, '\0');
    const auto named = failure(bytes);
    CHECK(named.detail.find("it is PKCS #12 (.pfx, .p12)") == 0);
    REQUIRE(named.hints.size() == 4);
    CHECK(named.hints[1] == "or take the chain out of it: openssl pkcs12 -in FILE -nokeys -out CHAIN.pem");
    const auto mixed = certificates_in(SecretBuffer::copy_of(bytes));
    REQUIRE_FALSE(mixed);
    CHECK(mixed.error().hints == named.hints);
    CHECK(inspect_key(SecretBuffer::copy_of(bytes)).problem.find("it is PKCS #12") != std::string::npos);
  }
  // DER that is something else stays that: a certificate begins with a sequence, a PKCS #8 key with version 0.
  for (const std::string other : {"\x30\x82\x05\x10\x30\x82", "\x30\x70\x02\x01\x01\x30", "\x30"})
    CHECK(failure(other + "xxxxxxx").detail.find("PKCS #12") == std::string::npos);
}
