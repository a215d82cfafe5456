#include "providers/x509/private_key.hpp"

#include "schemas/codec/base64.hpp"
#include "tests/unit/providers/x509/samples.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using samples::family;
using samples::must;
using testing::Key;
using testing::KeyForm;
using testing::KeyType;

namespace {

SecretBuffer secret(std::string_view text) { return SecretBuffer::copy_of(text); }
const SecretBuffer k_no_passphrase;

const CertificateFacts& leaf() {
  static const auto k_leaf = must(parse_der(family().leaf.der)).facts;
  return *k_leaf;
}

Error refused(const std::string& key, const std::string& passphrase = "") {
  const auto result = to_pkcs8(secret(key), secret(passphrase));
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("each form of a key is told apart, and its public half is stated") {
  const auto& key = family().leaf.key;
  CHECK(inspect_key(secret(key.text(KeyForm::pkcs8))).form == KeyFacts::Form::pkcs8);
  CHECK(inspect_key(secret(key.text(KeyForm::der_pkcs8))).form == KeyFacts::Form::pkcs8);
  CHECK(inspect_key(secret(key.text(KeyForm::traditional))).form == KeyFacts::Form::traditional);
  CHECK(inspect_key(secret(key.text(KeyForm::encrypted_pkcs8, "word"))).form == KeyFacts::Form::encrypted);
  CHECK(inspect_key(secret(key.text(KeyForm::encrypted_traditional, "word"))).form == KeyFacts::Form::encrypted);
  for (const auto form : {KeyForm::pkcs8, KeyForm::der_pkcs8, KeyForm::traditional}) {
    const auto facts = inspect_key(secret(key.text(form)));
    CHECK(matches(facts, leaf()));
    CHECK(describe(facts.public_key) == "ECDSA P-256");
  }
}

TEST_CASE("a key of another certificate does not match, nor does one that could not be read") {
  CHECK_FALSE(matches(inspect_key(secret(Key::make().text())), leaf()));
  CHECK_FALSE(matches(inspect_key(secret(family().leaf.key.text(KeyForm::encrypted_pkcs8, "word"))), leaf()));
  CHECK_FALSE(matches(inspect_key(secret("rubbish")), leaf()));
}

TEST_CASE("a passphrase opens an encrypted key, and a wrong one is said to be wrong") {
  const auto& key = family().leaf.key;
  for (const auto form : {KeyForm::encrypted_pkcs8, KeyForm::encrypted_traditional}) {
    const auto text = key.text(form, "correct horse");
    const auto opened = inspect_key(secret(text), secret("correct horse"));
    CHECK(opened.form == KeyFacts::Form::encrypted);
    CHECK(opened.problem.empty());
    CHECK(matches(opened, leaf()));
    const auto closed = inspect_key(secret(text), secret("wrong"));
    CHECK(closed.problem == "the passphrase does not open the private key");
    CHECK(must(to_pkcs8(secret(text), secret("correct horse"))).view() == key.text());
    CHECK(refused(text, "wrong").summary == "the passphrase does not open the private key");
    CHECK(refused(text).summary == "the private key is encrypted and no passphrase is configured");
  }
}

TEST_CASE("every form and kind becomes the same unencrypted PKCS #8") {
  for (const auto type : {KeyType::ec_p256, KeyType::ec_p384, KeyType::rsa_2048, KeyType::ed25519}) {
    const auto key = Key::shared(type);
    const auto expected = key.text(KeyForm::pkcs8);
    CHECK(must(to_pkcs8(secret(expected), k_no_passphrase)).view() == expected);
    CHECK(must(to_pkcs8(secret(key.text(KeyForm::der_pkcs8)), k_no_passphrase)).view() == expected);
    if (type == KeyType::ed25519) continue;  // has no traditional form
    CHECK(must(to_pkcs8(secret(key.text(KeyForm::traditional)), k_no_passphrase)).view() == expected);
  }
}

TEST_CASE("one file with chain and key is taken apart") {
  const auto mixed = secret(family().leaf.pem + family().leaf.key.text() + family().intermediate.pem);
  CHECK(must(certificates_in(mixed)) == family().chain_pem());
  CHECK(std::string(must(key_in(mixed)).view()) + "\n" == family().leaf.key.text());
  CHECK(matches(inspect_key(mixed), leaf()));
  CHECK_FALSE(certificates_in(secret(family().leaf.key.text())));
}

TEST_CASE("what is no key is refused with the reason, and without quoting it") {
  CHECK(inspect_key(secret("")).problem == "the private key's text is empty");
  CHECK(inspect_key(secret("hello")).problem == "there is no private key in PEM form");
  CHECK(inspect_key(secret(Key::make().text() + Key::make().text())).problem ==
        "there are two private keys, at lines 1 and 6");
  CHECK(refused("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n")
            .hints.front()
            .find("ssh-keygen") != std::string::npos);
  CHECK(inspect_key(secret(std::string((1U << 20) + 1, 'A'))).problem ==
        "the private key's text is larger than 1048576 bytes");
  CHECK(inspect_key(secret("\x30\x82\x01")).form == KeyFacts::Form::unreadable);
}

TEST_CASE("what stands where the key should is told by its name, with what to do") {
  const auto problem = [](const std::string& text) {
    const auto facts = inspect_key(secret(text));
    CHECK(facts.form == KeyFacts::Form::unreadable);
    CHECK_FALSE(facts.mend.empty());
    return facts.problem.substr(0, facts.problem.find(':'));
  };
  const auto block = [](const std::string& label) {
    return "-----BEGIN " + label + "-----\nAAAA\n-----END " + label + "-----\n";
  };
  CHECK(problem(family().leaf.pem) == "a certificate stands where the private key should");
  CHECK(problem(family().leaf.der) == "a certificate stands where the private key should, in DER");
  CHECK(problem(block("CERTIFICATE REQUEST")) == "a request for a certificate stands where the key should");
  CHECK(problem(block("PUBLIC KEY")) == "a public key stands where the private key should");
  CHECK(problem("ssh-rsa AAAA me@here") == "a public key of OpenSSH stands where the private key should");
  CHECK(problem(block("OPENSSH PRIVATE KEY")) == "the private key is in OpenSSH's form");
  CHECK(problem(encode_base64(family().leaf.key.text())) == "no PEM yet");
  // What was given with a wrong passphrase is to be given another, and not one at all.
  const auto closed = inspect_key(secret(family().leaf.key.text(KeyForm::encrypted_pkcs8, "word")), secret("wrong"));
  CHECK(closed.mend.find("give the passphrase with which the key was encrypted") != std::string::npos);
}

TEST_CASE("a key cut off at any byte is refused") {
  for (const auto form : {KeyForm::pkcs8, KeyForm::traditional, KeyForm::der_pkcs8}) {
    const auto text = family().leaf.key.text(form);
    const auto whole = form == KeyForm::der_pkcs8 ? text.size() : text.size() - 1;  // its last line end may be missing
    for (std::size_t size = 0; size < whole; size += 3) {
      CHECK(inspect_key(secret(text.substr(0, size))).form == KeyFacts::Form::unreadable);
    }
  }
}

TEST_CASE("Windows line ends are fine in plain and in encrypted keys") {
  for (const auto form : {KeyForm::pkcs8, KeyForm::encrypted_traditional}) {
    std::string text;
    for (const char character : family().leaf.key.text(form, "word"))
      text += character == '\n' ? std::string("\r\n") : std::string(1, character);
    CHECK(must(to_pkcs8(secret(text), secret("word"))).view() == family().leaf.key.text());
  }
}
