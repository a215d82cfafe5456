#include "planner/language/value/decimal.hpp"

#include <cstddef>
#include <utility>

#include <gmp.h>

namespace trunkform::language {
namespace {

/// 0.DIGITS × 10^point, without zeros at the end.
struct Decimal {
  std::string digits;
  long point = 0;
  char at(std::size_t i) const { return i < digits.size() ? digits[i] : '0'; }
  void trim() {
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
  }
};

Decimal exact(const mpz_t mantissa, long exponent) {
  mpz_t whole;
  mpz_init_set(whole, mantissa);
  long scale = 0;
  if (exponent >= 0) {
    mpz_mul_2exp(whole, whole, static_cast<mp_bitcnt_t>(exponent));
  } else {
    // m × 2^-k is m × 5^k × 10^-k: whole again.
    mpz_t fives;
    mpz_init(fives);
    mpz_ui_pow_ui(fives, 5, static_cast<unsigned long>(-exponent));
    mpz_mul(whole, whole, fives);
    mpz_clear(fives);
    scale = -exponent;
  }
  Decimal out;
  char* text = mpz_get_str(nullptr, 10, whole);
  out.digits = text;
  void (*release)(void*, std::size_t) = nullptr;
  mp_get_memory_functions(nullptr, nullptr, &release);
  release(text, out.digits.size() + 1);
  mpz_clear(whole);
  out.point = static_cast<long>(out.digits.size()) - scale;
  out.trim();
  return out;
}

void round_down(Decimal& d, std::size_t n) {
  if (n >= d.digits.size()) return;
  d.digits.resize(n);
  d.trim();
}

void round_up(Decimal& d, std::size_t n) {
  if (n >= d.digits.size()) return;
  while (n > 0 && d.digits[n - 1] == '9') --n;
  if (n == 0) {
    d.digits = "1";
    ++d.point;
    return;
  }
  d.digits.resize(n);
  ++d.digits[n - 1];
}

void round_nearest(Decimal& d, std::size_t n) {
  if (n >= d.digits.size()) return;
  const bool halfway = d.digits[n] == '5' && n + 1 == d.digits.size();
  const bool up = halfway ? (n > 0 && (d.digits[n - 1] - '0') % 2 != 0) : d.digits[n] >= '5';
  up ? round_up(d, n) : round_down(d, n);
}

void shorten(Decimal& d, const Decimal& lower, const Decimal& upper, bool inclusive) {
  for (std::size_t i = 0; i < d.digits.size(); ++i) {
    const char l = lower.at(i), m = d.digits[i], u = upper.at(i);
    const bool may_go_down = l != m || (inclusive && i + 1 == lower.digits.size());
    const bool may_go_up = m != u && (inclusive || m + 1 < u || i + 1 < upper.digits.size());
    if (may_go_down && may_go_up) return round_nearest(d, i + 1);
    if (may_go_down) return round_down(d, i + 1);
    if (may_go_up) return round_up(d, i + 1);
  }
}

std::string write_out(const Decimal& d) {
  if (d.digits.empty()) return "0";
  if (d.point <= 0) return "0." + std::string(static_cast<std::size_t>(-d.point), '0') + d.digits;
  const auto point = static_cast<std::size_t>(d.point);
  if (point >= d.digits.size()) return d.digits + std::string(point - d.digits.size(), '0');
  return d.digits.substr(0, point) + "." + d.digits.substr(point);
}

}  // namespace

std::string shortest_decimal(const std::string& mantissa_text, long exponent) {
  // All decimals strictly between the neighbours' midpoints read back as this number; an even mantissa owns its
  // midpoints too. Half a unit in the last place is 1 once the mantissa is doubled.
  mpz_t mantissa, doubled, bound;
  mpz_init_set_str(mantissa, mantissa_text.c_str(), 16);
  mpz_init(doubled);
  mpz_init(bound);
  mpz_mul_2exp(doubled, mantissa, 1);
  mpz_sub_ui(bound, doubled, 1);
  const Decimal lower = exact(bound, exponent - 1);
  mpz_add_ui(bound, doubled, 1);
  const Decimal upper = exact(bound, exponent - 1);
  Decimal value = exact(mantissa, exponent);
  shorten(value, lower, upper, mpz_even_p(mantissa) != 0);
  mpz_clear(bound);
  mpz_clear(doubled);
  mpz_clear(mantissa);
  return write_out(value);
}

}  // namespace trunkform::language
