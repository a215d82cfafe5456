// What proves to Microsoft Entra, or to a machine of Azure, who asks: to the byte, and where it goes.
#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "providers/cloud/azure/assertion.hpp"
#include "providers/cloud/azure/login.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_json.hpp"
#include "providers/platform/simulated/random.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/support/pkcs12_factory.hpp"
#include "tests/unit/providers/cloud/held_secret.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;
using testing::reads;

namespace {

const Instant k_login_time = *parse_rfc3339("2026-06-01T12:00:00Z");
const std::string k_token_endpoint = "https://login.microsoftonline.com/t/oauth2/v2.0/token";

const testing::Issued& own_certificate() {
  static const auto made =
      testing::make_root(testing::root_request(k_login_time), testing::Key::shared(testing::KeyType::rsa_2048));
  return made;
}

std::string plain(std::string_view base64url) {
  const auto bytes = secret_from_base64url(base64url);
  REQUIRE(bytes);
  return std::string(bytes->view());
}

/// A token in its three parts.
struct Parts {
  std::string header, claims, signature;
  std::string text;  ///< what is signed

  explicit Parts(const SecretBuffer& token) {
    const std::string all(token.view());
    const auto first = all.find('.'), last = all.rfind('.');
    REQUIRE(first < last);
    text = all.substr(0, last);
    header = plain(all.substr(0, first));
    claims = plain(all.substr(first + 1, last - first - 1));
    signature = plain(all.substr(last + 1));
  }
  std::string said(const char* name) const {
    return SecretJson(SecretBuffer::copy_of(claims)).text({name}).value_or("");
  }
  std::int64_t number(const char* name) const {
    return SecretJson(SecretBuffer::copy_of(claims)).number({name}).value_or(-1);
  }
  /// RFC 7518 §3.5: PSS with SHA-256, and a salt as long.
  bool is_signed_by(const testing::Key& key) const {
    auto* context = EVP_MD_CTX_new();
    EVP_PKEY_CTX* scheme = nullptr;
    const auto is_good =
        EVP_DigestVerifyInit(context, &scheme, EVP_sha256(), nullptr, static_cast<EVP_PKEY*>(key.native())) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(scheme, RSA_PKCS1_PSS_PADDING) == 1 &&
        EVP_PKEY_CTX_set_rsa_pss_saltlen(scheme, RSA_PSS_SALTLEN_DIGEST) == 1 &&
        EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                         reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    EVP_MD_CTX_free(context);
    return is_good;
  }
};

}  // namespace

TEST_CASE("an assertion is of this application, for this authority, for ten minutes, and signed") {
  platform::SeededRandom random{1};
  const auto& own = own_certificate();
  const azure::ClientCertificate identity{{"t", R"(an "application")"}, reads(own.pem + own.key.text()), nullptr};
  const Parts parts(azure::assertion_of(identity, k_token_endpoint, k_login_time + 400ms, random).value());
  CHECK(parts.said("aud") == k_token_endpoint);
  CHECK(parts.said("iss") == R"(an "application")");
  CHECK(parts.said("sub") == R"(an "application")");
  const auto now = std::chrono::floor<std::chrono::seconds>(k_login_time.time_since_epoch()).count();
  CHECK(parts.number("nbf") == now);
  CHECK(parts.number("iat") == now);
  CHECK(parts.number("exp") == now + 600);
  CHECK(parts.is_signed_by(own.key));
  CHECK_FALSE(parts.is_signed_by(testing::Key::make(testing::KeyType::rsa_2048)));
  // Each is another one.
  const Parts again(azure::assertion_of(identity, k_token_endpoint, k_login_time, random).value());
  CHECK(parts.said("jti").size() == 36);
  CHECK(again.said("jti") != parts.said("jti"));
}

TEST_CASE("a key of an application is opened with its passphrase, in both forms of file") {
  platform::SeededRandom random{1};
  const auto& own = own_certificate();
  testing::Pkcs12Request locked;
  locked.password = "open it";
  const std::string file = GENERATE_COPY(own.pem + own.key.text(testing::KeyForm::encrypted_pkcs8, "open it"),
                                         testing::make_pkcs12(own, &own.key, locked));
  const auto signed_with = [&](azure::ReadSecret passphrase) {
    return azure::assertion_of({{"t", "c"}, reads(file), std::move(passphrase)}, k_token_endpoint, k_login_time,
                               random);
  };
  CHECK(Parts(signed_with(reads("open it")).value()).is_signed_by(own.key));
  for (const auto& passphrase : {azure::ReadSecret(), reads("canary")}) {
    const auto refused = signed_with(passphrase);
    REQUIRE_FALSE(refused);
    const auto line = to_line(refused.error());
    CHECK(line.starts_with("the client certificate of Azure cannot be used: "));
    CHECK(line.find("canary") == std::string::npos);
  }
}

TEST_CASE("tenants and applications are one part of an address each, whatever they are called") {
  platform::SeededRandom random{1};
  azure::Login login;
  const azure::Link link{"secret", azure::ClientSecret{{"a/../b?c", "d&scope=e"}, reads("s")}, {}};
  REQUIRE(azure::prepare_login(link, "https://login.microsoftonline.com", "https://vault.azure.net", k_login_time,
                               random, login));
  CHECK(login.request.url == "https://login.microsoftonline.com/a%2F..%2Fb%3Fc/oauth2/v2.0/token");
  CHECK(login.secret.view() ==
        "grant_type=client_credentials&client_id=d%26scope%3De&scope=https%3A%2F%2Fvault.azure.net%2F.default&"
        "client_secret=s");
  CHECK(login.request.plain != PlainHttp::machine);
  CHECK(login.request.secret_answer);
  CHECK(login.request.body_limit == 1U << 20);
}

TEST_CASE("a machine alone is asked over plain http, and what is shown of a question ends before its query") {
  platform::SeededRandom random{1};
  azure::Login login;
  const azure::Link link{"machine", azure::ManagedIdentity{"id&x=1", "", nullptr}, {}};
  REQUIRE(azure::prepare_login(link, "https://login.microsoftonline.com", "https://vault.azure.net", k_login_time,
                               random, login));
  CHECK(login.request.plain == PlainHttp::machine);
  CHECK(login.request.url.ends_with("&client_id=id%26x%3D1"));
  CHECK(azure::shown_call(login.request) == "GET http://169.254.169.254/metadata/identity/oauth2/token");
  CHECK(azure::metadata_probe().plain == PlainHttp::machine);
  CHECK(azure::metadata_probe().body_limit == 1U << 20);
  CHECK(azure::metadata_probe().timeout == 1s);
}
