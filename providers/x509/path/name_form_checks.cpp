#include <algorithm>

#include <fmt/format.h>
#include <openssl/objects.h>

#include "providers/x509/path/checks.hpp"
#include "schemas/codec/ascii_case.hpp"
#include "schemas/codec/host_name.hpp"

namespace trunkform::x509::detail {
namespace {

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char one) { return one > 0x20 && one < 0x7F; });
}

/// Empty where the name is as RFC 5280 §4.2.1.6 wants it. How a DNS name is spelled is a check of its own.
std::string_view wrong_with(const GeneralForm& name) {
  switch (name.kind) {
    case FormKind::dns:
      return !name.value.empty() && is_ascii(name.value) ? "" : "a DNS name is empty or not ASCII";
    case FormKind::uri:
      return !name.value.empty() && is_ascii(name.value) ? "" : "a URI is empty or not ASCII";
    case FormKind::email:
      return is_ascii(name.value) && mailbox_of(name.value) ? "" : "an e-mail address is none";
    case FormKind::ip:
      return name.value.size() == 4 || name.value.size() == 16 ? "" : "an IP address has neither 4 nor 16 octets";
    case FormKind::directory:
      return name.directory->empty() ? "a directory name is empty" : "";
    default:
      return "";
  }
}

bool is_listed(const std::string& common_name, const std::vector<GeneralForm>& names) {
  return std::any_of(names.begin(), names.end(), [&](const GeneralForm& name) {
    if (name.kind == FormKind::ip) return address_text(name.value).value_or("") == common_name;
    return name.kind == FormKind::dns && name.value == common_name;
  });
}

/// The same name in another spelling: other letters, an address in another notation, Unicode for its ASCII form.
bool is_meant(const std::string& common_name, const std::vector<GeneralForm>& names) {
  const auto address = octets_of_address(common_name);
  const bool unicode = std::any_of(common_name.begin(), common_name.end(),
                                   [](char one) { return static_cast<unsigned char>(one) >= 0x80; });
  return std::any_of(names.begin(), names.end(), [&](const GeneralForm& name) {
    if (name.kind == FormKind::ip) return address && *address == name.value;
    if (name.kind != FormKind::dns) return false;
    const auto listed = lower_case(name.value);
    return listed == lower_case(common_name) || (unicode && listed.find("xn--") != std::string::npos);
  });
}

void check_leaf_names(const Step& step, const Place& place, Faults& faults) {
  const auto& names = step.reading().names;
  if (!names) return;  // without any, a rule says so
  for (const auto& name : names->names) {
    if (name.kind != FormKind::dns || is_host_name(name.value, Wildcard::as_first_label)) continue;
    faults.add(PathCheck::host_names_formed, step, place, fmt::format("its DNS name '{}' is no host name", name.value));
  }
  for (const auto& common_name : step.reading().subject.values_of(NID_commonName)) {
    // One that means none of them means nothing (RFC 9525 §2).
    if (is_listed(common_name, names->names) || !is_meant(common_name, names->names)) continue;
    faults.add(PathCheck::common_name_listed, step, place,
               fmt::format("its common name '{}' is one of its alternative names in another spelling", common_name));
  }
  if (names->critical && !step.reading().subject.empty()) {
    faults.add(PathCheck::alternative_names_not_critical, step, place,
               "its subjectAltName is critical although it has a subject");
  }
}

}  // namespace

void check_names(const Step& step, const Place& place, Faults& faults) {
  const auto& reading = step.reading();
  if (reading.names) {
    if (reading.names->names.empty())
      faults.add(PathCheck::alternative_names_filled, step, place, "its subjectAltName is empty");
    for (const auto& name : reading.names->names) {
      if (const auto wrong = wrong_with(name); !wrong.empty())
        faults.add(PathCheck::alternative_names_filled, step, place, fmt::format("among its names {}", wrong));
    }
    if (reading.subject.empty() && !reading.names->critical) {
      faults.add(PathCheck::alternative_names_critical, step, place,
                 "its subject is empty, and its subjectAltName is not critical");
    }
  }
  if (place.is_leaf()) check_leaf_names(step, place, faults);
}

}  // namespace trunkform::x509::detail
