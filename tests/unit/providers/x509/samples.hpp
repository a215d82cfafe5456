#pragma once
// What the tests of this room share: one moment, and one good family (keys are slow to make).
#include <catch2/catch.hpp>

#include "providers/x509/certificates.hpp"
#include "tests/support/certificate_factory.hpp"

namespace trunkform::x509::samples {

inline const Instant k_now = *parse_rfc3339("2026-06-01T12:00:00Z");
inline constexpr auto k_day = std::chrono::hours(24);

inline const testing::Family& family() {
  static const auto k_family = testing::make_family(k_now);
  return k_family;
}

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(to_line(result.error()));
  return std::move(*result);
}

inline Certificates parsed(const std::string& pem) { return must(parse_certificates(pem)); }

}  // namespace trunkform::x509::samples
