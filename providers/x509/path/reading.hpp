#pragma once
// What the path validator wants to know of one certificate, read once. Plain values: nothing is judged here, and what
// cannot be read is said, not refused. Inside this room only. Immutable once built.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct x509_st;
struct X509_name_st;

namespace trunkform::x509::detail {

/// A distinguished name. Compared as RFC 5280 §7.1 says: case and spaces of strings do not count.
class DirectoryName {
 public:
  /// Shares; never null, and nobody changes it.
  explicit DirectoryName(std::shared_ptr<const X509_name_st> name);
  const X509_name_st* native() const { return m_name.get(); }
  bool empty() const;
  std::string text() const;  ///< RFC 4514
  /// Whether this is `base` or stands below it (RFC 5280 §4.2.1.10).
  bool is_within(const DirectoryName& base) const;
  std::vector<std::string> values_of(int nid) const;  ///< as UTF-8
  friend bool operator==(const DirectoryName& a, const DirectoryName& b) { return a.equals(b); }

 private:
  bool equals(const DirectoryName& other) const;

  std::shared_ptr<const X509_name_st> m_name;
};

enum class FormKind { other_name, email, dns, x400, directory, edi_party, uri, ip, registered_id };

/// A GeneralName, of a certificate or of a subtree (RFC 5280 §4.2.1.6).
struct GeneralForm {
  FormKind kind = FormKind::other_name;
  std::string value;                       ///< octets: text, or an address in network order
  std::optional<DirectoryName> directory;  ///< of that kind only
};

struct BasicConstraintsReading {
  bool critical = false;
  bool is_authority = false;
  std::optional<int> path_length;
  bool path_length_negative = false;
};

struct KeyUsageReading {
  bool empty = false;
  bool digital_signature = false;
  bool cert_sign = false;
  bool crl_sign = false;
};

struct UsagesReading {
  bool critical = false;
  std::vector<std::string> dotted;  ///< object identifiers

  bool lists(std::string_view usage) const;  ///< by its own name: `any` is none
};

struct AlternativeNamesReading {
  bool critical = false;
  std::vector<GeneralForm> names;
};

struct NameConstraintsReading {
  std::vector<GeneralForm> permitted;
  std::vector<GeneralForm> excluded;
  bool with_distances = false;  ///< a minimum or a maximum, which RFC 5280 does not have
};

struct AuthorityKeyReading {
  bool critical = false;
  std::optional<std::string> key;
  bool with_certificate = false;        ///< names the issuer's certificate: its issuer or its serial number
  std::optional<DirectoryName> issuer;  ///< of the issuer's certificate, where it is a directory name
  std::optional<std::string> serial;    ///< of the issuer's certificate
};

struct SubjectKeyReading {
  bool critical = false;
  std::string key;
};

struct InformationReading {
  bool critical = false;
  bool empty = false;
};

struct PolicyReading {
  bool stated = false;                ///< there is a certificatePolicies
  bool unknown_qualifier = false;     ///< it is critical, and has a qualifier that RFC 5280 does not know
  std::vector<std::string> policies;  ///< dotted
  std::vector<std::pair<std::string, std::string>> mappings;
  std::optional<int> require_explicit;
  std::optional<int> inhibit_mapping;
  std::optional<int> inhibit_any;
  bool constraints_not_critical = false;  ///< policyConstraints or inhibitAnyPolicy
  bool constraints_empty = false;
};

inline constexpr std::string_view k_any_policy = "2.5.29.32.0";
inline constexpr std::string_view k_any_usage = "2.5.29.37.0";
inline constexpr std::string_view k_server_usage = "1.3.6.1.5.5.7.3.1";
inline constexpr std::string_view k_client_usage = "1.3.6.1.5.5.7.3.2";

// NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order of a certificate, and few are held at once
struct Reading {
  long version = 3;           ///< as people count
  bool distinguished = true;  ///< DER, with the values of the extensions that are read here
  std::string serial;         ///< magnitude, big-endian
  bool serial_negative = false;
  bool signature_algorithms_agree = true;
  DirectoryName subject;
  DirectoryName issuer;
  bool self_issued = false;
  std::string rsa_exponent;           ///< big-endian; empty where the key is not RSA
  std::vector<std::string> repeated;  ///< extensions, by OpenSSL's names
  std::vector<std::string> unreadable;
  std::vector<std::string> unknown_critical;  ///< dotted
  std::optional<BasicConstraintsReading> basic_constraints;
  std::optional<KeyUsageReading> key_usage;
  std::optional<UsagesReading> usages;
  std::optional<AlternativeNamesReading> names;
  std::optional<NameConstraintsReading> name_constraints;
  std::optional<AuthorityKeyReading> authority_key;
  std::optional<SubjectKeyReading> subject_key;
  std::optional<InformationReading> information;
  PolicyReading policy;

  bool is_authority() const { return basic_constraints && basic_constraints->is_authority; }
};

/// What is returned shares the certificate.
Reading read(const std::shared_ptr<x509_st>& certificate);

}  // namespace trunkform::x509::detail
