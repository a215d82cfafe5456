#include "providers/x509/subject_key.hpp"

#include <array>
#include <cstddef>
#include <new>
#include <optional>

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "providers/x509/facts.hpp"
#include "providers/x509/library.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::x509::detail {
namespace {

struct FreeKeyPart {
  void operator()(ASN1_SEQUENCE_ANY* sequence) const noexcept { sk_ASN1_TYPE_pop_free(sequence, ASN1_TYPE_free); }
  void operator()(EC_POINT* point) const noexcept { EC_POINT_free(point); }
  void operator()(EC_GROUP* group) const noexcept { EC_GROUP_free(group); }
};

struct Parts {
  int algorithm = NID_undef;
  int parameter_type = V_ASN1_UNDEF;
  const void* parameter = nullptr;
  const unsigned char* key = nullptr;
  int size = 0;
};

Parts parts_of(const X509_PUBKEY* key) {
  Parts parts;
  ASN1_OBJECT* object = nullptr;
  X509_ALGOR* algorithm = nullptr;
  X509_PUBKEY_get0_param(&object, &parts.key, &parts.size, &algorithm, key);
  X509_ALGOR_get0(nullptr, &parts.parameter_type, &parts.parameter, algorithm);
  parts.algorithm = OBJ_obj2nid(object);
  return parts;
}

std::string der_of(const X509_PUBKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(key, &der);
  std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size < 0 ? 0 : size));
  OPENSSL_free(der);
  return bytes;
}

struct RsaNumbers {
  std::string modulus, exponent;  ///< big-endian
};

/// RFC 8017 §A.1.1. None where the bytes are not exactly that.
std::optional<RsaNumbers> rsa_numbers(const Parts& parts) {
  if (parts.algorithm != NID_rsaEncryption) return std::nullopt;
  const auto* at = parts.key;
  const std::unique_ptr<ASN1_SEQUENCE_ANY, FreeKeyPart> sequence(d2i_ASN1_SEQUENCE_ANY(nullptr, &at, parts.size));
  if (!sequence || at != parts.key + parts.size || sk_ASN1_TYPE_num(sequence.get()) != 2) return std::nullopt;
  std::array<std::string, 2> numbers;
  for (int i = 0; i < 2; ++i) {
    const auto* value = sk_ASN1_TYPE_value(sequence.get(), i);
    if (ASN1_TYPE_get(value) != V_ASN1_INTEGER) return std::nullopt;
    const auto* number = value->value.integer;
    if (ASN1_STRING_type(number) != V_ASN1_INTEGER) return std::nullopt;  // a negative one has a type of its own
    numbers[static_cast<std::size_t>(i)] = {reinterpret_cast<const char*>(ASN1_STRING_get0_data(number)),
                                            static_cast<std::size_t>(ASN1_STRING_length(number))};
  }
  return RsaNumbers{std::move(numbers[0]), std::move(numbers[1])};
}

int bits_of(const std::string& number) {
  std::size_t zeros = 0;
  while (zeros < number.size() && number[zeros] == 0) ++zeros;
  if (zeros == number.size()) return 0;
  int bits = static_cast<int>((number.size() - zeros - 1) * 8);
  for (auto first = static_cast<unsigned char>(number[zeros]); first != 0; first >>= 1U) ++bits;
  return bits;
}

struct Curve {
  int nid;
  const char* name;
  int bits;
};
constexpr std::array k_curves{Curve{NID_X9_62_prime256v1, "P-256", 256}, Curve{NID_secp384r1, "P-384", 384},
                              Curve{NID_secp521r1, "P-521", 521}};

/// Never changed after it was made, and never freed.
const EC_GROUP* group_of(std::size_t curve) {
  static const auto k_groups = [] {
    std::array<const EC_GROUP*, k_curves.size()> groups{};
    for (std::size_t i = 0; i < k_curves.size(); ++i) groups[i] = EC_GROUP_new_by_curve_name(k_curves[i].nid);
    return groups;
  }();
  return k_groups.at(curve);
}

bool is_point_on(std::size_t curve, const Parts& parts) {
  const auto* group = group_of(curve);
  if (group == nullptr) throw std::bad_alloc();
  const std::unique_ptr<EC_POINT, FreeKeyPart> point(EC_POINT_new(group));
  if (!point) throw std::bad_alloc();
  return EC_POINT_oct2point(group, point.get(), parts.key, static_cast<std::size_t>(parts.size), nullptr) == 1 &&
         EC_POINT_is_at_infinity(group, point.get()) == 0;
}

/// Algorithm, bits and curve of the usual kinds; none where the key must be decoded to tell.
std::optional<PublicKeyFacts> usual_facts(const Parts& parts) {
  PublicKeyFacts facts;
  const bool plain_rsa = parts.parameter_type == V_ASN1_NULL || parts.parameter_type == V_ASN1_UNDEF;
  if (const auto numbers = plain_rsa ? rsa_numbers(parts) : std::nullopt) {
    facts.algorithm = KeyAlgorithm::rsa;
    facts.bits = bits_of(numbers->modulus);
    return facts;
  }
  if (parts.algorithm != NID_X9_62_id_ecPublicKey || parts.parameter_type != V_ASN1_OBJECT) return std::nullopt;
  const int named = OBJ_obj2nid(static_cast<const ASN1_OBJECT*>(parts.parameter));
  for (std::size_t i = 0; i < k_curves.size(); ++i) {
    if (k_curves.at(i).nid != named || !is_point_on(i, parts)) continue;
    facts.algorithm = KeyAlgorithm::ec;
    facts.bits = k_curves.at(i).bits;
    facts.curve = k_curves.at(i).name;
    return facts;
  }
  return std::nullopt;
}

}  // namespace

PublicKeyFacts key_facts_of(const X509_pubkey_st* key) {
  const auto der = der_of(key);
  const auto parts = parts_of(key);
  if (auto facts = usual_facts(parts)) {
    facts->spki = sha256(der);
    return *facts;
  }
  auto facts = key_facts_of(decode_key(key).get(), der);
  if (facts.algorithm == KeyAlgorithm::ec && parts.parameter_type == V_ASN1_SEQUENCE)
    facts.curve = "explicit parameters";
  return facts;
}

std::string rsa_exponent_of(const X509_pubkey_st* key) {
  const auto numbers = rsa_numbers(parts_of(key));
  return numbers ? numbers->exponent : std::string();
}

KeyHandle decode_key(const X509_pubkey_st* key) {
  const auto der = der_of(key);
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  KeyHandle decoded(d2i_PUBKEY_ex(nullptr, &at, static_cast<long>(der.size()), library_of_this_thread(), nullptr));
  if (!decoded) (void)take_openssl_reason();
  return decoded;
}

}  // namespace trunkform::x509::detail
