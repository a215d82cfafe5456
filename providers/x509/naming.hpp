#pragma once
// Names written into requests and certificates. Inside this room only.
#include <memory>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"

struct X509_extension_st;
struct X509_name_st;
struct evp_md_st;
struct evp_pkey_st;

namespace trunkform::x509::detail {

struct FreeNaming {
  void operator()(X509_extension_st* extension) const noexcept;
  void operator()(X509_name_st* name) const noexcept;
};
using ExtensionHandle = std::unique_ptr<X509_extension_st, FreeNaming>;
using NameHandle = std::unique_ptr<X509_name_st, FreeNaming>;

/// `common_name_of` the names as the one attribute; empty where there is none.
Result<NameHandle> subject_of(const std::vector<std::string>& names);

/// subjectAltName, each by `kind_of_name`; critical where the subject is empty (RFC 5280 §4.2.1.6). Error:
/// invalid_input: `fault_of_name`.
Result<ExtensionHandle> alternative_names_of(const std::vector<std::string>& names);

/// SHA-256, or SHA-384 for P-384 and larger.
const evp_md_st* digest_for(const evp_pkey_st* key);

}  // namespace trunkform::x509::detail
