#include "cmd/trunkform/flag_values.hpp"

#include <charconv>

#include <fmt/format.h>

#include "cmd/trunkform/views/text_style.hpp"
#include "planner/language/configuration/configuration.hpp"
#include "schemas/model/address.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::cli {
namespace {

constexpr const char* k_instance = "genesys_trunk_certificate.a[\"East\"]";

/// Who types the label alone.
std::optional<std::string> with_type(const std::string& word) {
  if (word.starts_with("genesys_")) return std::nullopt;
  const auto whole = "genesys_trunk_certificate." + word;
  return parse_address(whole) ? std::optional(whole) : std::nullopt;
}

Error wrong(const Flag& flag, const std::string& value, const std::string& what, const std::string& example) {
  return Error(ErrorCode::invalid_input,
               fmt::format("usage: -{}={} is not {}", flag.name, views::escape_foreign(value), what))
      .hint(fmt::format("for example -{}={}", flag.name, example));
}

Result<> check_number(const Flag& flag, const std::string& value) {
  std::size_t number = 0;
  const auto* end = value.data() + value.size();
  const auto [stop, failure] = std::from_chars(value.data(), end, number);
  if (failure == std::errc() && stop == end && number >= flag.least && number <= flag.most) return {};
  const auto range = flag.most == k_unbounded ? fmt::format("a whole number from {} on", flag.least)
                                              : fmt::format("a whole number from {} to {}", flag.least, flag.most);
  return wrong(flag, value, range, flag.initial.empty() ? "20" : flag.initial);
}

Result<> check_address(const Flag& flag, const std::string& value) {
  auto address = parse_address(value);
  if (address) return {};
  auto error = wrong(flag, value, "an address", "genesys_trunk_certificate.carrier_a");
  error.detail = std::move(address.error().detail);
  error.hints.emplace_back(fmt::format("quote an instance for the shell: -{}='{}'", flag.name, k_instance));
  if (const auto whole = with_type(value))
    error.hints.push_back(fmt::format("did you mean -{}='{}'?", flag.name, *whole));
  return error;
}

/// The value may be secret: only the flag is told.
Result<> check_assignment(const std::string& value) {
  auto input = language::parse_variable_flag(value);
  if (input) return {};
  auto error = std::move(input.error());
  error.summary = "usage: " + error.summary;
  return error;
}

}  // namespace

Result<> check_flag_value(const Flag& flag, const std::string& value) {
  switch (flag.form) {
    case FlagForm::text:
      break;
    case FlagForm::number:
      return check_number(flag, value);
    case FlagForm::duration:
      if (!parse_duration(value)) return wrong(flag, value, "a duration", "5m, 30s or 1h30m");
      break;
    case FlagForm::moment:
      if (!parse_duration(value) && !parse_rfc3339(value))
        return wrong(flag, value, "a duration or a time", "90m, or 2026-11-28T06:00:00Z");
      break;
    case FlagForm::address:
      return check_address(flag, value);
    case FlagForm::assignment:
      return check_assignment(value);
  }
  return {};
}

Result<> check_address_word(const std::string& word) {
  auto address = parse_address(word);
  if (address) return {};
  Error error(ErrorCode::invalid_input, fmt::format("usage: '{}' is not an address", views::escape_foreign(word)),
              std::move(address.error().detail));
  if (const auto whole = with_type(word)) error.hints.push_back(fmt::format("did you mean '{}'?", *whole));
  return std::move(error)
      .hint(
          "for example genesys_trunk_certificate.carrier_a; `trunkform state list` and `trunkform inventory` show them")
      .hint(fmt::format("quote an instance for the shell: '{}'", k_instance));
}

std::string help_of(const Flag& flag) {
  auto help = flag.help;
  if (flag.kind == FlagKind::list) help += "; may be given several times";
  if (!flag.initial.empty()) help += fmt::format(" (default {})", flag.initial);
  return help;
}

}  // namespace trunkform::cli
