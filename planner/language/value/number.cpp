#include "planner/language/value/number.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <mpfr.h>

#include "planner/language/value/decimal.hpp"

namespace trunkform::language {

struct Number::Rep {
  explicit Rep(unsigned bits) { mpfr_init2(value, static_cast<mpfr_prec_t>(bits)); }
  ~Rep() { mpfr_clear(value); }
  Rep(const Rep&) = delete;
  Rep& operator=(const Rep&) = delete;
  mpfr_t value;
};

namespace {

// Beyond this a number's text would be tens of thousands of digits: hostile rather than useful.
constexpr long k_largest_exponent = 1L << 17;
constexpr long k_largest_decimal_exponent = 30000;
constexpr std::size_t k_longest_text = 30000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether `text` is a decimal as the language writes them, of a size that can be computed with.
bool is_decimal(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const auto begin = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - begin;
  };
  if (text.size() > k_longest_text) return false;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
  auto count = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    count += digits();
  }
  if (count == 0) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    const auto begin = i;
    const auto length = digits();
    if (length == 0 || length > 9) return false;
    if (std::strtol(std::string(text.substr(begin, length)).c_str(), nullptr, 10) > k_largest_decimal_exponent)
      return false;
  }
  return i == text.size();
}

Error no_number(std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); }

}  // namespace

Number::Number(std::int64_t value) {
  auto rep = std::make_shared<Rep>(k_integer_bits);
  mpfr_set_si(rep->value, value, MPFR_RNDN);
  m_rep = std::move(rep);
}

Number Number::from_double(double value) {
  auto rep = std::make_shared<Rep>(k_double_bits);
  mpfr_set_d(rep->value, value, MPFR_RNDN);
  return Number(std::move(rep));
}

Number Number::infinity(int sign) {
  auto rep = std::make_shared<Rep>(k_parsed_bits);
  mpfr_set_inf(rep->value, sign);
  return Number(std::move(rep));
}

std::optional<Number> Number::parse(std::string_view text) {
  if (!is_decimal(text)) return std::nullopt;
  auto rep = std::make_shared<Rep>(k_parsed_bits);
  if (mpfr_set_str(rep->value, std::string(text).c_str(), 10, MPFR_RNDN) != 0) return std::nullopt;
  return Number(std::move(rep));
}

std::optional<Number> Number::parse_integer(std::string_view text, int base) {
  if (base < 2 || base > 62 || text.size() > k_longest_text) return std::nullopt;
  std::string_view digits = text;
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isalnum(c); }))
    return std::nullopt;
  std::string spelling(digits);
  // GMP counts upper case before lower case from base 37 on; the language the other way round.
  if (base > 36)
    for (char& c : spelling)
      if (std::isalpha(static_cast<unsigned char>(c))) c = static_cast<char>(c ^ 0x20);
  mpz_t whole;
  if (mpz_init_set_str(whole, spelling.c_str(), base) != 0) {
    mpz_clear(whole);
    return std::nullopt;
  }
  if (text.front() == '-') mpz_neg(whole, whole);
  auto rep = std::make_shared<Rep>(std::max<unsigned>(k_integer_bits, static_cast<unsigned>(mpz_sizeinbase(whole, 2))));
  mpfr_set_z(rep->value, whole, MPFR_RNDN);
  mpz_clear(whole);
  return Number(std::move(rep));
}

std::string Number::to_string() const {
  const auto& value = m_rep->value;
  const bool negative = mpfr_signbit(value) != 0;
  if (mpfr_inf_p(value)) return negative ? "-Inf" : "Inf";
  if (mpfr_zero_p(value)) return negative ? "-0" : "0";
  if (const auto whole = to_integer(); whole && *whole < (1LL << 50) && *whole > -(1LL << 50))
    return std::to_string(*whole);
  mpz_t mantissa;
  mpz_init(mantissa);
  const long exponent = mpfr_get_z_2exp(mantissa, value);
  mpz_abs(mantissa, mantissa);
  std::string digits(mpz_sizeinbase(mantissa, 16) + 2, '\0');
  mpz_get_str(digits.data(), 16, mantissa);
  mpz_clear(mantissa);
  const auto text = shortest_decimal(digits.c_str(), exponent);
  return negative ? "-" + text : text;
}

std::string Number::to_text(char conversion, int digits) const {
  if (is_infinite()) return sign() < 0 ? "-Inf" : "+Inf";
  const char* pattern = conversion == 'f' ? "%.*Rf" : conversion == 'e' ? "%.*Re" : "%.*Rg";
  const int size = mpfr_snprintf(nullptr, 0, pattern, digits, m_rep->value);
  std::string out(static_cast<std::size_t>(std::max(size, 0)) + 1, '\0');
  mpfr_snprintf(out.data(), out.size(), pattern, digits, m_rep->value);
  out.pop_back();
  return out;
}

std::string Number::to_base(int base) const {
  if (is_infinite()) return sign() < 0 ? "-Inf" : "+Inf";
  mpz_t whole;
  mpz_init(whole);
  mpfr_get_z(whole, m_rep->value, MPFR_RNDZ);
  std::string out(mpz_sizeinbase(whole, base) + 2, '\0');
  mpz_get_str(out.data(), base, whole);
  mpz_clear(whole);
  return out.c_str();
}

double Number::to_double() const { return mpfr_get_d(m_rep->value, MPFR_RNDN); }

std::optional<std::int64_t> Number::to_integer() const {
  if (!is_integer() || !mpfr_fits_slong_p(m_rep->value, MPFR_RNDN)) return std::nullopt;
  return mpfr_get_si(m_rep->value, MPFR_RNDN);
}

bool Number::is_integer() const { return mpfr_integer_p(m_rep->value) != 0; }
bool Number::is_infinite() const { return mpfr_inf_p(m_rep->value) != 0; }
bool Number::is_negative_zero() const { return mpfr_zero_p(m_rep->value) && mpfr_signbit(m_rep->value); }
int Number::sign() const { return (mpfr_sgn(m_rep->value) > 0) - (mpfr_sgn(m_rep->value) < 0); }
unsigned Number::precision() const { return static_cast<unsigned>(mpfr_get_prec(m_rep->value)); }

namespace {

Result<> within_range(mpfr_srcptr value) {
  if (mpfr_nan_p(value)) return no_number("the operation has no result: zero or infinity against its own kind");
  if (mpfr_regular_p(value) && std::labs(mpfr_get_exp(value)) > k_largest_exponent)
    return no_number("the number is too large or too small to compute with");
  return {};
}

}  // namespace

Result<Number> Number::plus(const Number& other) const {
  auto rep = std::make_shared<Rep>(std::max(precision(), other.precision()));
  mpfr_add(rep->value, m_rep->value, other.m_rep->value, MPFR_RNDN);
  TRY(within_range(rep->value));
  return Number(std::move(rep));
}

Result<Number> Number::minus(const Number& other) const { return plus(other.negated()); }

Result<Number> Number::times(const Number& other) const {
  // The product of two exact numbers stays exact up to 512 bits, then is cut to what it needs or the larger operand
  // had.
  auto wide = std::make_shared<Rep>(std::max({k_parsed_bits, precision(), other.precision()}));
  mpfr_mul(wide->value, m_rep->value, other.m_rep->value, MPFR_RNDN);
  TRY(within_range(wide->value));
  const auto needed = mpfr_regular_p(wide->value) ? static_cast<unsigned>(mpfr_min_prec(wide->value)) : 1U;
  const auto bits = std::max({precision(), other.precision(), needed});
  mpfr_prec_round(wide->value, static_cast<mpfr_prec_t>(bits), MPFR_RNDN);
  return Number(std::move(wide));
}

Result<Number> Number::over(const Number& other) const {
  auto rep = std::make_shared<Rep>(std::max(precision(), other.precision()));
  mpfr_div(rep->value, m_rep->value, other.m_rep->value, MPFR_RNDN);
  TRY(within_range(rep->value));
  return Number(std::move(rep));
}

Result<Number> Number::modulo(const Number& other) const {
  if (other.sign() == 0) return *this;
  if (is_infinite()) return no_number("the remainder of infinity has no value");
  if (other.is_infinite()) return *this;
  const auto whole = TRY(over(other)).truncated();
  return minus(TRY(whole.times(other)));
}

Number Number::negated() const {
  auto rep = std::make_shared<Rep>(precision());
  mpfr_neg(rep->value, m_rep->value, MPFR_RNDN);
  return Number(std::move(rep));
}

Number Number::absolute() const { return mpfr_signbit(m_rep->value) ? negated() : *this; }

Number Number::floor() const {
  auto rep = std::make_shared<Rep>(precision());
  mpfr_floor(rep->value, m_rep->value);
  return Number(std::move(rep));
}

Number Number::ceiling() const {
  auto rep = std::make_shared<Rep>(precision());
  mpfr_ceil(rep->value, m_rep->value);
  return Number(std::move(rep));
}

Number Number::truncated() const { return sign() < 0 ? ceiling() : floor(); }

int Number::compare(const Number& other) const {
  const int order = mpfr_cmp(m_rep->value, other.m_rep->value);
  return (order > 0) - (order < 0);
}

bool Number::equals(const Number& other) const {
  if (m_rep == other.m_rep) return true;
  if (sign() != other.sign()) return false;
  if (sign() == 0) return true;
  if (precision() == other.precision() || is_infinite() || other.is_infinite()) {
    if (compare(other) == 0) return true;
  }
  return to_string() == other.to_string();
}

}  // namespace trunkform::language
