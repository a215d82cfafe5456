#include "providers/x509/path/reading.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <new>
#include <set>

#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "providers/x509/path/encoding.hpp"
#include "providers/x509/subject_key.hpp"

namespace trunkform::x509::detail {
namespace {

struct FreeExtension {
  void operator()(BASIC_CONSTRAINTS* one) const noexcept { BASIC_CONSTRAINTS_free(one); }
  void operator()(ASN1_BIT_STRING* one) const noexcept { ASN1_BIT_STRING_free(one); }
  void operator()(EXTENDED_KEY_USAGE* one) const noexcept { EXTENDED_KEY_USAGE_free(one); }
  void operator()(GENERAL_NAMES* one) const noexcept { GENERAL_NAMES_free(one); }
  void operator()(NAME_CONSTRAINTS* one) const noexcept { NAME_CONSTRAINTS_free(one); }
  void operator()(AUTHORITY_KEYID* one) const noexcept { AUTHORITY_KEYID_free(one); }
  void operator()(AUTHORITY_INFO_ACCESS* one) const noexcept { AUTHORITY_INFO_ACCESS_free(one); }
  void operator()(CERTIFICATEPOLICIES* one) const noexcept { CERTIFICATEPOLICIES_free(one); }
  void operator()(POLICY_MAPPINGS* one) const noexcept { sk_POLICY_MAPPING_pop_free(one, POLICY_MAPPING_free); }
  void operator()(POLICY_CONSTRAINTS* one) const noexcept { POLICY_CONSTRAINTS_free(one); }
};

/// With ASN1_INTEGER and ASN1_OCTET_STRING, which are one type.
struct FreeString {
  void operator()(ASN1_STRING* one) const noexcept { ASN1_STRING_free(one); }
};

std::string bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string dotted(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return size < 0 ? std::string() : std::string(text.data());
}

/// A count of certificates: more than an int holds is no limit that anybody reaches.
int count_of(const ASN1_INTEGER* number) {
  std::int64_t value = 0;
  if (ASN1_INTEGER_get_int64(&value, number) != 1 || value > INT_MAX) return INT_MAX;
  return value < 0 ? 0 : static_cast<int>(value);
}

DirectoryName copy_of(const X509_NAME* name) {
  std::shared_ptr<X509_NAME> copy(X509_NAME_dup(name), X509_NAME_free);
  if (!copy) throw std::bad_alloc();
  return DirectoryName(std::move(copy));
}

GeneralForm form_of(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_EMAIL:
      return {FormKind::email, bytes_of(name.d.rfc822Name), {}};
    case GEN_DNS:
      return {FormKind::dns, bytes_of(name.d.dNSName), {}};
    case GEN_URI:
      return {FormKind::uri, bytes_of(name.d.uniformResourceIdentifier), {}};
    case GEN_IPADD:
      return {FormKind::ip, bytes_of(name.d.iPAddress), {}};
    case GEN_DIRNAME:
      return {FormKind::directory, "", copy_of(name.d.directoryName)};
    case GEN_X400:
      return {FormKind::x400, "", {}};
    case GEN_EDIPARTY:
      return {FormKind::edi_party, "", {}};
    case GEN_RID:
      return {FormKind::registered_id, dotted(name.d.registeredID), {}};
    default:
      return {FormKind::other_name, "", {}};
  }
}

/// Reads extensions of one certificate, and remembers those that cannot be read.
class Extensions {
 public:
  Extensions(const X509* certificate, Reading& into) : m_certificate(certificate), m_into(into) {}

  template <class T, class Free>
  struct Found {
    std::unique_ptr<T, Free> value;
    bool critical = false;
    explicit operator bool() const { return value != nullptr; }
  };

  /// Null where there is none, or none that can be read.
  template <class T, class Free = FreeExtension>
  Found<T, Free> get(int nid) {
    int critical = -1;
    auto* value = static_cast<T*>(X509_get_ext_d2i(m_certificate, nid, &critical, nullptr));
    if (value == nullptr && critical >= 0) m_into.unreadable.emplace_back(OBJ_nid2ln(nid));
    if (value != nullptr && !is_distinguished(octets_of(nid))) m_into.distinguished = false;
    return {std::unique_ptr<T, Free>(value), critical == 1};
  }

  void list() {
    // Beside those that are read here: where lists and other certificates are, which nobody needs to understand.
    static constexpr std::array k_known{NID_key_usage,
                                        NID_subject_alt_name,
                                        NID_basic_constraints,
                                        NID_ext_key_usage,
                                        NID_name_constraints,
                                        NID_certificate_policies,
                                        NID_policy_mappings,
                                        NID_policy_constraints,
                                        NID_inhibit_any_policy,
                                        NID_issuer_alt_name,
                                        NID_crl_distribution_points,
                                        NID_info_access,
                                        NID_subject_key_identifier,
                                        NID_authority_key_identifier};
    std::set<std::string> seen;
    for (int i = 0; i < X509_get_ext_count(m_certificate); ++i) {
      auto* extension = X509_get_ext(m_certificate, i);
      auto* object = X509_EXTENSION_get_object(extension);
      auto name = dotted(object);
      const int nid = OBJ_obj2nid(object);
      if (!seen.insert(name).second) m_into.repeated.push_back(nid == NID_undef ? name : OBJ_nid2ln(nid));
      const bool known = std::find(k_known.begin(), k_known.end(), nid) != k_known.end();
      if (!known && X509_EXTENSION_get_critical(extension) == 1) m_into.unknown_critical.push_back(std::move(name));
    }
  }

 private:
  std::string octets_of(int nid) const {
    return bytes_of(X509_EXTENSION_get_data(X509_get_ext(m_certificate, X509_get_ext_by_NID(m_certificate, nid, -1))));
  }

  const X509* m_certificate;
  Reading& m_into;
};

void read_authority(Extensions& extensions, Reading& reading) {
  if (const auto found = extensions.get<BASIC_CONSTRAINTS>(NID_basic_constraints)) {
    BasicConstraintsReading constraints{found.critical, found.value->ca != 0, {}, false};
    if (const auto* length = found.value->pathlen) {
      constraints.path_length = count_of(length);
      constraints.path_length_negative = ASN1_STRING_type(length) == V_ASN1_NEG_INTEGER;
    }
    reading.basic_constraints = constraints;
  }
  if (const auto found = extensions.get<ASN1_BIT_STRING>(NID_key_usage)) {
    const auto bits = bytes_of(found.value.get());
    reading.key_usage = KeyUsageReading{std::all_of(bits.begin(), bits.end(), [](char octet) { return octet == 0; }),
                                        ASN1_BIT_STRING_get_bit(found.value.get(), 0) == 1,
                                        ASN1_BIT_STRING_get_bit(found.value.get(), 5) == 1,
                                        ASN1_BIT_STRING_get_bit(found.value.get(), 6) == 1};
  }
  if (const auto found = extensions.get<EXTENDED_KEY_USAGE>(NID_ext_key_usage)) {
    UsagesReading usages{found.critical, {}};
    for (int i = 0; i < sk_ASN1_OBJECT_num(found.value.get()); ++i)
      usages.dotted.push_back(dotted(sk_ASN1_OBJECT_value(found.value.get(), i)));
    reading.usages = std::move(usages);
  }
}

std::vector<GeneralForm> subtrees(const STACK_OF(GENERAL_SUBTREE) * trees, bool& with_distances) {
  std::vector<GeneralForm> forms;
  for (int i = 0; i < sk_GENERAL_SUBTREE_num(trees); ++i) {
    const auto* tree = sk_GENERAL_SUBTREE_value(trees, i);
    forms.push_back(form_of(*tree->base));
    const bool from_zero = tree->minimum == nullptr || ASN1_INTEGER_get(tree->minimum) == 0;
    with_distances = with_distances || !from_zero || tree->maximum != nullptr;
  }
  return forms;
}

void read_names(Extensions& extensions, Reading& reading) {
  if (const auto found = extensions.get<GENERAL_NAMES>(NID_subject_alt_name)) {
    AlternativeNamesReading names{found.critical, {}};
    for (int i = 0; i < sk_GENERAL_NAME_num(found.value.get()); ++i)
      names.names.push_back(form_of(*sk_GENERAL_NAME_value(found.value.get(), i)));
    reading.names = std::move(names);
  }
  if (const auto found = extensions.get<NAME_CONSTRAINTS>(NID_name_constraints)) {
    NameConstraintsReading constraints;
    constraints.permitted = subtrees(found.value->permittedSubtrees, constraints.with_distances);
    constraints.excluded = subtrees(found.value->excludedSubtrees, constraints.with_distances);
    reading.name_constraints = std::move(constraints);
  }
}

void read_identifiers(Extensions& extensions, Reading& reading) {
  if (const auto found = extensions.get<AUTHORITY_KEYID>(NID_authority_key_identifier)) {
    AuthorityKeyReading key;
    key.critical = found.critical;
    if (found.value->keyid != nullptr) key.key = bytes_of(found.value->keyid);
    key.with_certificate = found.value->issuer != nullptr || found.value->serial != nullptr;
    if (found.value->serial != nullptr) key.serial = bytes_of(found.value->serial);
    for (int i = 0; i < sk_GENERAL_NAME_num(found.value->issuer) && !key.issuer; ++i)
      key.issuer = form_of(*sk_GENERAL_NAME_value(found.value->issuer, i)).directory;
    reading.authority_key = std::move(key);
  }
  if (const auto found = extensions.get<ASN1_STRING, FreeString>(NID_subject_key_identifier))
    reading.subject_key = SubjectKeyReading{found.critical, bytes_of(found.value.get())};
  if (const auto found = extensions.get<AUTHORITY_INFO_ACCESS>(NID_info_access))
    reading.information = InformationReading{found.critical, sk_ACCESS_DESCRIPTION_num(found.value.get()) == 0};
}

/// RFC 5280 §4.2.1.4 knows a pointer to the practice statement and a notice to the user.
bool has_unknown_qualifier(const POLICYINFO* policy) {
  for (int i = 0; i < sk_POLICYQUALINFO_num(policy->qualifiers); ++i) {
    const int nid = OBJ_obj2nid(sk_POLICYQUALINFO_value(policy->qualifiers, i)->pqualid);
    if (nid != NID_id_qt_cps && nid != NID_id_qt_unotice) return true;
  }
  return false;
}

void read_policy(Extensions& extensions, PolicyReading& policy) {
  if (const auto found = extensions.get<CERTIFICATEPOLICIES>(NID_certificate_policies)) {
    policy.stated = true;
    for (int i = 0; i < sk_POLICYINFO_num(found.value.get()); ++i) {
      const auto* one = sk_POLICYINFO_value(found.value.get(), i);
      policy.policies.push_back(dotted(one->policyid));
      policy.unknown_qualifier = policy.unknown_qualifier || (found.critical && has_unknown_qualifier(one));
    }
  }
  if (const auto found = extensions.get<POLICY_MAPPINGS>(NID_policy_mappings)) {
    for (int i = 0; i < sk_POLICY_MAPPING_num(found.value.get()); ++i) {
      const auto* mapping = sk_POLICY_MAPPING_value(found.value.get(), i);
      policy.mappings.emplace_back(dotted(mapping->issuerDomainPolicy), dotted(mapping->subjectDomainPolicy));
    }
  }
  if (const auto found = extensions.get<POLICY_CONSTRAINTS>(NID_policy_constraints)) {
    policy.constraints_not_critical = !found.critical;
    const auto *require = found.value->requireExplicitPolicy, *inhibit = found.value->inhibitPolicyMapping;
    if (require != nullptr) policy.require_explicit = count_of(require);
    if (inhibit != nullptr) policy.inhibit_mapping = count_of(inhibit);
    policy.constraints_empty = require == nullptr && inhibit == nullptr;
  }
  if (const auto found = extensions.get<ASN1_STRING, FreeString>(NID_inhibit_any_policy)) {
    policy.constraints_not_critical = policy.constraints_not_critical || !found.critical;
    policy.inhibit_any = count_of(found.value.get());
  }
}

}  // namespace

bool UsagesReading::lists(std::string_view usage) const {
  return std::find(dotted.begin(), dotted.end(), usage) != dotted.end();
}

Reading read(const std::shared_ptr<x509_st>& certificate) {
  auto* native = certificate.get();
  const auto *subject = X509_get_subject_name(native), *issuer = X509_get_issuer_name(native);
  const auto* serial = X509_get0_serialNumber(native);
  const X509_ALGOR* outside = nullptr;
  X509_get0_signature(nullptr, &outside, native);
  Reading reading{
      .version = X509_get_version(native) + 1,
      .distinguished = true,
      .serial = bytes_of(serial),
      .serial_negative = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER,
      .signature_algorithms_agree = X509_ALGOR_cmp(outside, X509_get0_tbs_sigalg(native)) == 0,
      .subject = DirectoryName({certificate, subject}),
      .issuer = DirectoryName({certificate, issuer}),
      .self_issued = X509_NAME_cmp(subject, issuer) == 0,
      .rsa_exponent = rsa_exponent_of(X509_get_X509_PUBKEY(native)),
      .repeated = {},
      .unreadable = {},
      .unknown_critical = {},
      .basic_constraints = {},
      .key_usage = {},
      .usages = {},
      .names = {},
      .name_constraints = {},
      .authority_key = {},
      .subject_key = {},
      .information = {},
      .policy = {},
  };
  Extensions extensions(native, reading);
  extensions.list();
  read_authority(extensions, reading);
  read_names(extensions, reading);
  read_identifiers(extensions, reading);
  read_policy(extensions, reading.policy);
  return reading;
}

}  // namespace trunkform::x509::detail
