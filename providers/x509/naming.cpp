#include "providers/x509/naming.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "providers/x509/handles.hpp"
#include "schemas/codec/certificate_names.hpp"
#include "schemas/codec/host_name.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::x509::detail {
namespace {

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
  void operator()(GENERAL_NAME* name) const noexcept { GENERAL_NAME_free(name); }
};

/// The bytes of a name and their type in GeneralName (RFC 5280 §4.2.1.6).
struct Written {
  int type = GEN_DNS;
  std::string bytes;
};

Result<Written> written(const std::string& name) {
  if (auto fault = fault_of_name(name))
    return Error(ErrorCode::invalid_input, fmt::format("\"{}\" cannot stand in a certificate", name),
                 std::move(fault->why))
        .hint(std::move(fault->hint));
  switch (kind_of_name(name)) {
    case NameKind::ip:
      return Written{GEN_IPADD, octets_of_address(name).value_or("")};
    case NameKind::uri:
      return Written{GEN_URI, name};
    default:
      return Written{GEN_DNS, name};
  }
}

}  // namespace

void FreeNaming::operator()(X509_extension_st* extension) const noexcept { X509_EXTENSION_free(extension); }
void FreeNaming::operator()(X509_name_st* name) const noexcept { X509_NAME_free(name); }

Result<NameHandle> subject_of(const std::vector<std::string>& names) {
  NameHandle subject(X509_NAME_new());
  const auto name = common_name_of(names);
  if (!name) return subject;
  const auto* bytes = reinterpret_cast<const unsigned char*>(name->data());
  if (X509_NAME_add_entry_by_NID(subject.get(), NID_commonName, MBSTRING_UTF8, bytes, static_cast<int>(name->size()),
                                 -1, 0) != 1)
    return Error(ErrorCode::internal, "the common name cannot be encoded", take_openssl_reason());
  return subject;
}

Result<ExtensionHandle> alternative_names_of(const std::vector<std::string>& names) {
  const std::unique_ptr<GENERAL_NAMES, FreeNames> all(GENERAL_NAMES_new());
  for (const auto& name : names) {
    const auto part = TRY(written(name));
    auto* text = part.type == GEN_IPADD ? static_cast<ASN1_STRING*>(ASN1_OCTET_STRING_new()) : ASN1_IA5STRING_new();
    ASN1_STRING_set(text, part.bytes.data(), static_cast<int>(part.bytes.size()));
    std::unique_ptr<GENERAL_NAME, FreeNames> one(GENERAL_NAME_new());
    GENERAL_NAME_set0_value(one.get(), part.type, text);
    if (sk_GENERAL_NAME_push(all.get(), one.get()) > 0) (void)one.release();
  }
  ExtensionHandle extension(X509V3_EXT_i2d(NID_subject_alt_name, common_name_of(names) ? 0 : 1, all.get()));
  if (!extension) return Error(ErrorCode::internal, "the names cannot be encoded", take_openssl_reason());
  return extension;
}

const evp_md_st* digest_for(const evp_pkey_st* key) {
  const bool is_large = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && EVP_PKEY_get_bits(key) > 256;
  return is_large ? EVP_sha384() : EVP_sha256();
}

}  // namespace trunkform::x509::detail
