#pragma once
// What is assumed of the sources, whose future certificates nobody knows. Pure.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::forecast {

struct Renewal {
  enum class Kind {
    as_offered,   ///< a source offers for ever what it offers now
    at_fraction,  ///< it offers a successor of the same lifetime once this part of the lifetime has passed
  };
  Kind kind = Kind::at_fraction;
  double fraction = 2.0 / 3.0;

  /// When the successor of a certificate appears. Precondition: at_fraction.
  Instant renewed_at(Instant begins, Duration lifetime) const;
  friend bool operator==(const Renewal&, const Renewal&) = default;
};

/// `as-offered`, `at=2/3`, `at=0.9`, `at=67%`: above 0 and below 1. Error: invalid_input.
Result<Renewal> parse_renewal(std::string_view text);
/// What `parse_renewal` reads back: `at=2/3`, `at=0.9`.
std::string to_string(const Renewal& renewal);
/// For people: `two thirds of its lifetime`, `90 % of its lifetime`.
std::string fraction_in_words(const Renewal& renewal);

}  // namespace trunkform::forecast
