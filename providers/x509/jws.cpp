#include "providers/x509/jws.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "providers/x509/facts.hpp"
#include "providers/x509/key_handle.hpp"
#include "providers/x509/secret_stack.hpp"

namespace trunkform::x509 {
namespace {

struct FreeSignature {
  void operator()(BIGNUM* number) const noexcept { BN_free(number); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const noexcept { ECDSA_SIG_free(signature); }
};

/// RFC 4648 §5 without padding, of what is public.
std::string base64url(std::string_view bytes) {
  static constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned held = 0;
  int bits = 0;
  for (const char byte : bytes) {
    held = (held << 8U) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6; bits -= 6) text += k_alphabet[(held >> static_cast<unsigned>(bits - 6)) & 0x3FU];
  }
  if (bits > 0) text += k_alphabet[(held << static_cast<unsigned>(6 - bits)) & 0x3FU];
  return text;
}

std::string octets_of(const BIGNUM* number, int size) {
  std::string octets(static_cast<std::size_t>(size), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(octets.data()), size);
  return octets;
}

std::string parameter(const EVP_PKEY* key, const char* name, int size) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  const std::unique_ptr<BIGNUM, FreeSignature> keep(number);
  if (number == nullptr) return {};
  return base64url(octets_of(number, size > 0 ? size : BN_num_bytes(number)));
}

bool is_ec(const EVP_PKEY* key) { return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC; }
int octets_of_curve(const EVP_PKEY* key) { return (EVP_PKEY_get_bits(key) + 7) / 8; }

Result<std::string> algorithm_of(const EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  if (is_ec(key) && bits == 256) return std::string("ES256");
  if (is_ec(key) && bits == 384) return std::string("ES384");
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && bits >= 2048) return std::string("RS256");
  return Error(ErrorCode::invalid_input, "this key cannot sign a login",
               "it is neither ECDSA P-256 or P-384 nor RSA of at least 2048 bits")
      .hint("make one: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
}

Result<JwsKey> facts_of(const SecretBuffer& text) {
  const auto key = TRY(detail::open_key(text));
  JwsKey facts{TRY(algorithm_of(key.get())), {}};
  if (is_ec(key.get())) {
    const int size = octets_of_curve(key.get());
    facts.jwk = fmt::format(R"({{"crv":"P-{}","kty":"EC","x":"{}","y":"{}"}})", EVP_PKEY_get_bits(key.get()),
                            parameter(key.get(), OSSL_PKEY_PARAM_EC_PUB_X, size),
                            parameter(key.get(), OSSL_PKEY_PARAM_EC_PUB_Y, size));
  } else {
    facts.jwk = fmt::format(R"({{"e":"{}","kty":"RSA","n":"{}"}})", parameter(key.get(), OSSL_PKEY_PARAM_RSA_E, 0),
                            parameter(key.get(), OSSL_PKEY_PARAM_RSA_N, 0));
  }
  return facts;
}

Result<std::string> sign(const SecretBuffer& text, std::string_view input) {
  const auto key = TRY(detail::open_key(text));
  const auto algorithm = TRY(algorithm_of(key.get()));
  const std::unique_ptr<EVP_MD_CTX, FreeSignature> context(EVP_MD_CTX_new());
  const auto* digest = algorithm == "ES384" ? EVP_sha384() : EVP_sha256();
  const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
  std::size_t size = 0;
  std::string signature;
  bool good = context && EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key.get()) == 1 &&
              EVP_DigestSign(context.get(), nullptr, &size, bytes, input.size()) == 1;
  if (good) {
    signature.resize(size);
    good = EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                          input.size()) == 1;
    signature.resize(size);
  }
  if (!good) return Error(ErrorCode::internal, "the login cannot be signed", detail::take_openssl_reason());
  if (!is_ec(key.get())) return signature;
  const auto* at = reinterpret_cast<const unsigned char*>(signature.data());
  const std::unique_ptr<ECDSA_SIG, FreeSignature> parts(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size())));
  const int width = octets_of_curve(key.get());
  return octets_of(ECDSA_SIG_get0_r(parts.get()), width) + octets_of(ECDSA_SIG_get0_s(parts.get()), width);
}

}  // namespace

Result<JwsKey> jws_key_of(const SecretBuffer& key) {
  Result<JwsKey> facts{JwsKey()};
  on_wiped_stack([&] { facts = facts_of(key); });
  return facts;
}

Result<std::string> sign_jws(const SecretBuffer& key, std::string_view input) {
  Result<std::string> signature{std::string()};
  on_wiped_stack([&] { signature = sign(key, input); });
  return signature;
}

}  // namespace trunkform::x509
