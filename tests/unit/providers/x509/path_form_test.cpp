// The form of each certificate of a path: one clause broken a row, and what is just good.
#include "tests/unit/providers/x509/path_case.hpp"

using namespace trunkform;
using namespace trunkform::x509;
using namespace trunkform::x509::samples;
using testing::KeyType;

namespace {

auto leaf_serial(const std::string& hex) {
  return [hex](PathCase& c) { c.leaf.serial = hex; };
}

/// Of the leaf, the intermediate or the root.
auto extension(testing::Request PathCase::* request, const std::string& name, const std::string& value) {
  return [=](PathCase& c) { (c.*request).extensions.emplace_back(name, value); };
}

auto leaf_names(const std::vector<std::string>& names) {
  return [names](PathCase& c) {
    c.leaf.names = names;
    c.leaf.common_name.clear();
    c.leaf.organisation = "Example";
  };
}

std::string octets(std::size_t count, const std::string& first) {
  std::string hex = first;
  while (hex.size() < count * 2) hex += "5a";
  return hex;
}

}  // namespace

TEST_CASE("numbers, versions and algorithms of certificates") {
  const std::vector<PathRow> rows{
      good("a plain chain", [](PathCase&) {}),
      good("serial of one octet", leaf_serial("01")),
      good("serial of 20 octets", leaf_serial(octets(20, "7f"))),
      good("serial of 19 octets with its first bit set", leaf_serial(octets(19, "ff"))),
      blocks("serial zero", Check::serial_number, 0, leaf_serial("00")),
      blocks("serial negative", Check::serial_number, 0, leaf_serial("-05")),
      blocks("serial of 20 octets with its first bit set", Check::serial_number, 0, leaf_serial(octets(20, "80"))),
      blocks("serial of 21 octets", Check::serial_number, 0, leaf_serial(octets(21, "01"))),
      blocks("serial of 40 octets", Check::serial_number, 0, leaf_serial(octets(40, "01"))),
      blocks("intermediate's serial zero", Check::serial_number, 1, [](PathCase& c) { c.intermediate.serial = "00"; }),
      blocks("intermediate's serial negative", Check::serial_number, 1,
             [](PathCase& c) { c.intermediate.serial = "-7f"; }),
      good("root's serial zero", [](PathCase& c) { c.root.serial = "00"; }),
      good("root's serial of 21 octets", [](PathCase& c) { c.root.serial = octets(21, "01"); }),
      blocks("leaf of version 1", Check::version, 0, [](PathCase& c) { c.leaf.version = 1; },
             {Check::usages_stated, Check::authority_key_identifier}),
      blocks("leaf of version 2", Check::version, 0, [](PathCase& c) { c.leaf.version = 2; },
             {Check::usages_stated, Check::authority_key_identifier}),
      blocks("intermediate of version 1", Check::version, 1, [](PathCase& c) { c.intermediate.version = 1; },
             {Check::issuer_is_authority, Check::subject_key_identifier, Check::authority_key_identifier}),
      warns("root of version 1", Check::version, 2, [](PathCase& c) { c.root.version = 1; },
            {Check::issuer_is_authority, Check::subject_key_identifier, Check::authority_key_identifier}),
      blocks("another algorithm beside the leaf's signature", Check::signature_algorithms_agree, 0,
             [](PathCase& c) { c.after_leaf = testing::with_other_algorithm; }, {Check::signature}),
      blocks("another algorithm beside the intermediate's signature", Check::signature_algorithms_agree, 1,
             [](PathCase& c) { c.after_intermediate = testing::with_other_algorithm; }, {Check::signature}),
      warns("another algorithm beside the root's signature", Check::signature_algorithms_agree, 2,
            [](PathCase& c) { c.after_root = testing::with_other_algorithm; }),
      blocks("leaf's signature broken", Check::signature, 0,
             [](PathCase& c) { c.after_leaf = testing::with_broken_signature; }),
      blocks("intermediate's signature broken", Check::signature, 1,
             [](PathCase& c) { c.after_intermediate = testing::with_broken_signature; }),
      warns("a truth value that is neither 00 nor FF", Check::encoding_distinguished, 1,
            [](PathCase& c) { c.intermediate.basic_constraints = "critical,DER:3003010101"; }),
      warns("an extension's length with an octet too many", Check::encoding_distinguished, 2,
            [](PathCase& c) { c.root.key_usage = "critical,DER:0381020106"; }),
      blocks("leaf signed in another encoding than it has", Check::signature, 0,
             [](PathCase& c) { c.after_leaf = testing::with_padded_length; }, {Check::encoding_distinguished}),
      good("root's signature broken: nobody looks at it",
           [](PathCase& c) { c.after_root = testing::with_broken_signature; }),
      blocks("intermediate signed with SHA-1", Check::signature_strength, 1,
             [](PathCase& c) { c.intermediate.digest = "SHA1"; }),
      blocks("intermediate signed with MD5", Check::signature_strength, 1,
             [](PathCase& c) {
               c.intermediate.digest = "MD5";
               c.root_key = testing::Key::shared(KeyType::rsa_2048);
             }),
      blocks("intermediate signed with RIPEMD-160", Check::signature_strength, 1,
             [](PathCase& c) {
               c.intermediate.digest = "RIPEMD160";
               c.root_key = testing::Key::shared(KeyType::rsa_2048);
             }),
      blocks("intermediate signed with SHA-224", Check::signature_strength, 1,
             [](PathCase& c) { c.intermediate.digest = "SHA224"; }),
      good("intermediate signed by PSS",
           [](PathCase& c) {
             c.intermediate.pss_salt = 32;
             c.root_key = testing::Key::shared(KeyType::rsa_2048);
           }),
      blocks("intermediate signed by PSS with a short salt", Check::signature_strength, 1,
             [](PathCase& c) {
               c.intermediate.pss_salt = 20;
               c.root_key = testing::Key::shared(KeyType::rsa_2048);
             }),
      good("leaf signed with SHA-1: a rule says it", [](PathCase& c) { c.leaf.digest = "SHA1"; }),
      good("root signed with SHA-1", [](PathCase& c) { c.root.digest = "SHA1"; }),
      good("intermediate signed with SHA-384", [](PathCase& c) { c.intermediate.digest = "SHA384"; }),
      blocks("a certificate signed with DSA", Check::signature_strength, 1,
             [](PathCase& c) { c.root_key = testing::Key::shared(KeyType::dsa_2048); }, {Check::issuer_key}),
  };
  for (const auto& row : rows) expect(row);
}

TEST_CASE("names of issuers and subjects") {
  const std::vector<PathRow> rows{
      blocks("authority without a subject", Check::authority_named, 1,
             [](PathCase& c) { c.intermediate.common_name.clear(); }, {Check::issuer_named}),
      blocks("root without a subject", Check::authority_named, 2, [](PathCase& c) { c.root.common_name.clear(); },
             {Check::issuer_named}),
      blocks("leaf whose issuer has no name", Check::issuer_named, 0,
             [](PathCase& c) { c.intermediate.common_name.clear(); }, {Check::authority_named}),
      good("leaf without a subject", [](PathCase& c) { c.leaf.common_name.clear(); }),
      good("leaf without a common name", leaf_names({"sip.example.com"})),
  };
  for (const auto& row : rows) expect(row);
}

TEST_CASE("extensions as such") {
  const std::vector<PathRow> rows{
      blocks("unknown critical extension in the leaf", Check::extensions_known, 0,
             extension(k_leaf, "1.3.6.1.4.1.55738.666.1", "critical,DER:0500")),
      blocks("unknown critical extension in the intermediate", Check::extensions_known, 1,
             extension(k_intermediate, "1.3.6.1.4.1.55738.666.1", "critical,DER:0500")),
      blocks("unknown critical extension in the root", Check::extensions_known, 2,
             extension(k_root, "1.3.6.1.4.1.55738.666.1", "critical,DER:0500")),
      blocks("the poison of certificate transparency", Check::extensions_known, 0,
             extension(k_leaf, "1.3.6.1.4.1.11129.2.4.3", "critical,DER:0500")),
      good("unknown extension that is not critical", extension(k_leaf, "1.3.6.1.4.1.55738.666.1", "DER:0500")),
      good("known critical extension", extension(k_leaf, "certificatePolicies", "critical,1.2.3.4")),
      blocks("basicConstraints twice", Check::extensions_unique, 0,
             extension(k_leaf, "basicConstraints", "critical,CA:FALSE")),
      blocks("an unknown extension twice", Check::extensions_unique, 0,
             [](PathCase& c) {
               for (int i = 0; i < 2; ++i) c.leaf.extensions.emplace_back("1.3.6.1.4.1.55738.666.1", "DER:0500");
             }),
      blocks("an extension twice in the intermediate", Check::extensions_unique, 1,
             [](PathCase& c) {
               for (int i = 0; i < 2; ++i)
                 c.intermediate.extensions.emplace_back("1.3.6.1.4.1.55738.666.1", "DER:0500");
             }),
      blocks("unreadable authorityInfoAccess", Check::extensions_readable, 0,
             extension(k_leaf, "authorityInfoAccess", "DER:6d616c666f726d6564")),
      blocks("unreadable subjectAltName", Check::extensions_readable, 0,
             [](PathCase& c) {
               c.leaf.names.clear();
               c.leaf.extensions.emplace_back("subjectAltName", "DER:6578616d706c65");
             }),
      blocks("unreadable nameConstraints", Check::extensions_readable, 1,
             extension(k_intermediate, "nameConstraints", "critical,DER:0500"), {Check::authority_key_identifier}),
      blocks("unreadable policies", Check::extensions_readable, 0,
             extension(k_leaf, "certificatePolicies", "DER:0500")),
      blocks("empty authorityInfoAccess", Check::authority_information, 0,
             extension(k_leaf, "authorityInfoAccess", "DER:3000")),
      blocks("critical authorityInfoAccess", Check::authority_information, 0,
             extension(k_leaf, "authorityInfoAccess", "critical,caIssuers;URI:http://ca.example.com/ca.cer")),
      good("authorityInfoAccess",
           extension(k_leaf, "authorityInfoAccess", "caIssuers;URI:http://ca.example.com/ca.cer")),
      warns("leaf without authorityKeyIdentifier", Check::authority_key_identifier, 0,
            [](PathCase& c) { c.leaf.authority_key_id = false; }),
      warns("intermediate without authorityKeyIdentifier", Check::authority_key_identifier, 1,
            [](PathCase& c) { c.intermediate.authority_key_id = false; }),
      warns("authorityKeyIdentifier without a key", Check::authority_key_identifier, 0,
            [](PathCase& c) {
              c.leaf.authority_key_id = false;
              c.leaf.extensions.emplace_back("authorityKeyIdentifier", "DER:3000");
            }),
      good("root without authorityKeyIdentifier", [](PathCase& c) { c.root.authority_key_id = false; }),
      warns("root's authorityKeyIdentifier without a key", Check::root_key_identifier, 2,
            [](PathCase& c) {
              c.root.authority_key_id = false;
              c.root.extensions.emplace_back("authorityKeyIdentifier", "DER:3000");
            }),
      warns("root's authorityKeyIdentifier of another key", Check::root_key_identifier, 2,
            [](PathCase& c) {
              c.root.authority_key_id = false;
              c.root.extensions.emplace_back("authorityKeyIdentifier", "DER:30048002aabb");
            }),
      warns("root's authorityKeyIdentifier with a serial number", Check::root_key_identifier, 2,
            [](PathCase& c) {
              c.root.serial = "05";
              c.root.authority_key_id = false;
              c.root.extensions.emplace_back("authorityKeyIdentifier", "DER:3003820105");
            }),
      warns("critical authorityKeyIdentifier", Check::authority_key_identifier, 1,
            [](PathCase& c) {
              c.intermediate.authority_key_id = false;
              c.intermediate.extensions.emplace_back("authorityKeyIdentifier", "critical,keyid");
            }),
      warns("intermediate without subjectKeyIdentifier", Check::subject_key_identifier, 1,
            [](PathCase& c) { c.intermediate.subject_key_id = false; }, {Check::authority_key_identifier}),
      warns("root without subjectKeyIdentifier", Check::subject_key_identifier, 2,
            [](PathCase& c) { c.root.subject_key_id = false; }, {Check::authority_key_identifier}),
      good("leaf without subjectKeyIdentifier", [](PathCase& c) { c.leaf.subject_key_id = false; }),
      warns("critical subjectKeyIdentifier", Check::subject_key_identifier, 1,
            [](PathCase& c) {
              c.intermediate.subject_key_id = false;
              c.intermediate.extensions.emplace_back("subjectKeyIdentifier", "critical,hash");
            },
            {Check::authority_key_identifier}),
  };
  for (const auto& row : rows) expect(row);
}

TEST_CASE("alternative names") {
  const auto critical = [](const std::string& common_name) {
    return [=](PathCase& c) {
      c.leaf.common_name = common_name;
      c.leaf.names.clear();
      c.leaf.extensions.emplace_back("subjectAltName", "critical,DNS:sip.example.com");
    };
  };
  const std::vector<PathRow> rows{
      blocks("empty list of names", Check::alternative_names_filled, 0,
             [](PathCase& c) {
               c.leaf.names.clear();
               c.leaf.extensions.emplace_back("subjectAltName", "DER:3000");
             },
             {Check::common_name_listed}),
      blocks("empty DNS name", Check::alternative_names_filled, 0, leaf_names({"sip.example.com", "dns:"}),
             {Check::host_names_formed}),
      blocks("DNS name with a NUL", Check::alternative_names_filled, 0,
             leaf_names({std::string("sip.example.com\0.evil.com", 25)}), {Check::host_names_formed}),
      blocks("DNS name that is not ASCII", Check::alternative_names_filled, 0,
             leaf_names({"dns:s\xc3\xadp.example.com"}), {Check::host_names_formed}),
      blocks("IP address of five octets", Check::alternative_names_filled, 0,
             leaf_names({"sip.example.com", "net:c000020100"})),
      blocks("a network for an IP address", Check::alternative_names_filled, 0,
             leaf_names({"sip.example.com", "net:c0000200ffffff00"})),
      blocks("e-mail address with two at signs", Check::alternative_names_filled, 0,
             leaf_names({"sip.example.com", "email:a@b@example.com"})),
      blocks("e-mail address without host", Check::alternative_names_filled, 0,
             leaf_names({"sip.example.com", "email:a@"})),
      blocks("empty URI", Check::alternative_names_filled, 0, leaf_names({"sip.example.com", "uri:"})),
      good("names of every kind", leaf_names({"sip.example.com", "uri:sip:example.com", "ip:192.0.2.1",
                                              "ip:2001:db8::1", "email:a@example.com", "dir:CN=x", "other:"})),
      good("names of the intermediate", extension(k_intermediate, "subjectAltName", "DNS:ca.example.com")),
      blocks("not critical although the subject is empty", Check::alternative_names_critical, 0,
             [](PathCase& c) {
               c.leaf.common_name.clear();
               c.leaf.names.clear();
               c.leaf.extensions.emplace_back("subjectAltName", "DNS:sip.example.com");
             }),
      good("critical, with an empty subject", critical("")),
      warns("critical, beside a subject", Check::alternative_names_not_critical, 0, critical("sip.example.com")),
      warns("underscore", Check::host_names_formed, 0, leaf_names({"sip_1.example.com"})),
      warns("address as a DNS name", Check::host_names_formed, 0, leaf_names({"dns:192.0.2.1"})),
      warns("dot in front", Check::host_names_formed, 0, leaf_names({".example.com"})),
      warns("dot at the end", Check::host_names_formed, 0, leaf_names({"sip.example.com."})),
      warns("hyphen in front", Check::host_names_formed, 0, leaf_names({"-sip.example.com"})),
      warns("hyphen at the end of a label", Check::host_names_formed, 0, leaf_names({"sip-.example.com"})),
      warns("label of 64 characters", Check::host_names_formed, 0, leaf_names({std::string(64, 'a') + ".example.com"})),
      good("label of 63 characters", leaf_names({std::string(63, 'a') + ".example.com"})),
      warns("wildcard within a label", Check::host_names_formed, 0, leaf_names({"s*.example.com"})),
      warns("wildcard behind the first label", Check::host_names_formed, 0, leaf_names({"sip.*.example.com"})),
      warns("wildcard alone", Check::host_names_formed, 0, leaf_names({"*"})),
      good("wildcard as the first label", leaf_names({"*.example.com"})),
      good("punycode", leaf_names({"xn--sp-yja.example.com"})),
      good("common name that means no alternative name", [](PathCase& c) { c.leaf.common_name = "other.example.com"; }),
      warns("common name in Unicode", Check::common_name_listed, 0,
            [](PathCase& c) {
              c.leaf.common_name = "s\xc3\xadp.example.com";
              c.leaf.names = {"xn--sp-yja.example.com"};
            }),
      warns("common name as an address in hexadecimal", Check::common_name_listed, 0,
            [](PathCase& c) {
              c.leaf.common_name = "0xC0000201";
              c.leaf.names = {"ip:192.0.2.1"};
            }),
      warns("common name as an address in capitals", Check::common_name_listed, 0,
            [](PathCase& c) {
              c.leaf.common_name = "2001:DB8::1";
              c.leaf.names = {"ip:2001:db8::1"};
            }),
      warns("common name in other letters", Check::common_name_listed, 0,
            [](PathCase& c) { c.leaf.common_name = "SIP.example.com"; }),
      warns("common name as an address with zeros", Check::common_name_listed, 0,
            [](PathCase& c) {
              c.leaf.common_name = "192.000.002.001";
              c.leaf.names = {"ip:192.0.2.1"};
            }),
      good("common name as an address",
           [](PathCase& c) {
             c.leaf.common_name = "2001:db8::1";
             c.leaf.names = {"ip:2001:db8:0:0::1"};
           }),
  };
  for (const auto& row : rows) expect(row);
}
