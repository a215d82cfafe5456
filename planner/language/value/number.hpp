#pragma once
// Numbers as Terraform computes them: binary floating point in which every number carries its own precision. 512 bits
// when parsed, 64 for integers that functions return, 53 from `pow` and `log`; an operation takes the larger of its
// operands'. Immutable, cheap to copy (shared), thread-safe. MPFR stays behind this header.
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::language {

class Number {
 public:
  static constexpr unsigned k_parsed_bits = 512;
  static constexpr unsigned k_integer_bits = 64;
  static constexpr unsigned k_double_bits = 53;

  Number() : Number(0) {}
  /// 64 bits, as functions return integers.
  explicit Number(std::int64_t value);
  /// 53 bits. Infinite where `value` is; a NaN is a bug of the caller's.
  static Number from_double(double value);
  static Number infinity(int sign);
  /// `-12.5e3` at 512 bits: digits, optional fraction and exponent, an optional sign in front; nothing else (no hex, no
  /// spaces, no "Infinity"). nullopt also where the exponent is beyond what `to_string` would still write out.
  static std::optional<Number> parse(std::string_view text);
  /// An integer in `base` 2 to 62 as `parseint` reads it (letters upper case after lower case from base 37 on).
  static std::optional<Number> parse_integer(std::string_view text, int base);

  /// The shortest decimal that is unique at this number's precision, never with an exponent; `-0` for negative zero;
  /// `Inf`, `-Inf`.
  std::string to_string() const;
  /// C's conversions `f`, `e` and `g` with so many digits, 0 to 1000; for `format`.
  std::string to_text(char conversion, int digits) const;
  /// The whole part in base 2 to 36, lower case.
  std::string to_base(int base) const;
  double to_double() const;
  /// The value where it is whole and fits.
  std::optional<std::int64_t> to_integer() const;
  bool is_integer() const;
  bool is_infinite() const;
  bool is_negative_zero() const;
  int sign() const;  ///< -1, 0, 1
  unsigned precision() const;

  // Errors: invalid_input for what has no value (0/0, infinity minus infinity) or is too large to be written out.
  Result<Number> plus(const Number& other) const;
  Result<Number> minus(const Number& other) const;
  Result<Number> times(const Number& other) const;
  Result<Number> over(const Number& other) const;    ///< 1/0 is infinity
  Result<Number> modulo(const Number& other) const;  ///< the dividend's sign; modulo zero is the dividend
  Number negated() const;
  Number absolute() const;
  Number floor() const;
  Number ceiling() const;
  Number truncated() const;

  /// By value, exactly: what `<` and sorting use.
  int compare(const Number& other) const;
  /// By text, as Terraform's `==` does: `0.1 + 0.2 == 0.3`.
  bool equals(const Number& other) const;

 private:
  struct Rep;
  explicit Number(std::shared_ptr<const Rep> rep) : m_rep(std::move(rep)) {}
  std::shared_ptr<const Rep> m_rep;
};

}  // namespace trunkform::language
