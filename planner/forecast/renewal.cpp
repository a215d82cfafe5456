#include "planner/forecast/renewal.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace trunkform::forecast {
namespace {

constexpr double k_two_thirds = 2.0 / 3.0;
constexpr double k_same = 1e-9;

std::optional<double> parse_number(std::string_view text) {
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (text.empty() || error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> parse_fraction(std::string_view text) {
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    const auto above = parse_number(text.substr(0, slash));
    const auto below = parse_number(text.substr(slash + 1));
    if (!above || !below || *below <= 0) return std::nullopt;
    return *above / *below;
  }
  if (text.ends_with('%')) {
    const auto percent = parse_number(text.substr(0, text.size() - 1));
    return percent ? std::optional<double>(*percent / 100) : std::nullopt;
  }
  return parse_number(text);
}

bool is_two_thirds(const Renewal& renewal) { return std::abs(renewal.fraction - k_two_thirds) < k_same; }

}  // namespace

Instant Renewal::renewed_at(Instant begins, Duration lifetime) const {
  return begins + Duration(std::llround(static_cast<double>(lifetime.count()) * fraction));
}

Result<Renewal> parse_renewal(std::string_view text) {
  if (text == "as-offered") return Renewal{Renewal::Kind::as_offered, 0};
  if (text.starts_with("at=")) {
    const auto fraction = parse_fraction(text.substr(3));
    if (fraction && *fraction > 0 && *fraction < 1) return Renewal{Renewal::Kind::at_fraction, *fraction};
  }
  return Error(ErrorCode::invalid_input, fmt::format("-renewal does not understand \"{}\"", text))
      .hint(
          "write -renewal=as-offered, or the part of a lifetime after which sources renew: -renewal=at=2/3, at=0.9, "
          "at=90%");
}

std::string to_string(const Renewal& renewal) {
  if (renewal.kind == Renewal::Kind::as_offered) return "as-offered";
  return is_two_thirds(renewal) ? std::string("at=2/3") : fmt::format("at={:.6g}", renewal.fraction);
}

std::string fraction_in_words(const Renewal& renewal) {
  if (is_two_thirds(renewal)) return "two thirds of its lifetime";
  return fmt::format("{:.4g} % of its lifetime", renewal.fraction * 100);
}

}  // namespace trunkform::forecast
