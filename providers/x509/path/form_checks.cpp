#include <algorithm>

#include <fmt/format.h>

#include "providers/x509/path/checks.hpp"

namespace trunkform::x509::detail {
namespace {

/// As DER writes it: a leading octet more where the first would make it negative.
std::size_t octets_of(const std::string& magnitude) {
  const bool padded = !magnitude.empty() && (static_cast<unsigned char>(magnitude.front()) & 0x80U) != 0;
  return magnitude.size() + (padded ? 1 : 0);
}

void check_serial(const Step& step, const Place& place, Faults& faults) {
  static constexpr std::size_t k_most_octets = 20;
  const auto& reading = step.reading();
  const bool zero = std::all_of(reading.serial.begin(), reading.serial.end(), [](char octet) { return octet == 0; });
  if (zero) faults.add(PathCheck::serial_number, step, place, "its serial number is zero");
  if (reading.serial_negative) faults.add(PathCheck::serial_number, step, place, "its serial number is negative");
  if (octets_of(reading.serial) > k_most_octets) {
    faults.add(
        PathCheck::serial_number, step, place,
        fmt::format("its serial number has {} octets, and {} is the most", octets_of(reading.serial), k_most_octets));
  }
}

void check_extensions(const Step& step, const Place& place, Faults& faults) {
  for (const auto& name : step.reading().repeated)
    faults.add(PathCheck::extensions_unique, step, place, fmt::format("its extension {} stands twice", name));
  for (const auto& name : step.reading().unreadable)
    faults.add(PathCheck::extensions_readable, step, place, fmt::format("its extension {} cannot be read", name));
  for (const auto& name : step.reading().unknown_critical)
    faults.add(PathCheck::extensions_known, step, place,
               fmt::format("its extension {} is critical, and nobody knows it", name));
}

}  // namespace

void check_form(const Step& step, const Place& place, Faults& faults) {
  const auto& reading = step.reading();
  if (reading.version != 3)
    faults.add(PathCheck::version, step, place, fmt::format("it is of version {}", reading.version));
  if (!reading.distinguished)
    faults.add(PathCheck::encoding_distinguished, step, place, "its octets are not those of DER");
  // Roots of public authorities have the number zero, and nobody tells an anchor by its number.
  if (!place.is_anchor) check_serial(step, place, faults);
  if (!reading.signature_algorithms_agree) {
    faults.add(PathCheck::signature_algorithms_agree, step, place,
               "it names one signature algorithm in what is signed and another beside the signature");
  }
  if (reading.issuer.empty()) faults.add(PathCheck::issuer_named, step, place, "its issuer has no name");
  if (reading.subject.empty() && !place.is_leaf())
    faults.add(PathCheck::authority_named, step, place, "an authority without a subject");
  check_extensions(step, place, faults);
}

}  // namespace trunkform::x509::detail
