#include "planner/language/functions/format_directive.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "planner/language/functions/function.hpp"
#include "planner/language/value/conversion.hpp"
#include "planner/language/value/json.hpp"
#include "planner/language/value/unicode.hpp"

namespace trunkform::language {
namespace format_parts {

constexpr int k_widest = 1000;
constexpr std::string_view k_verbs = "vtbdoxXeEfFgGsq";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Result<int> read_count(std::string_view format, std::size_t& at) {
  int count = 0;
  for (; at < format.size() && is_digit(format[at]); ++at) {
    count = count * 10 + (format[at] - '0');
    if (count > k_widest) return failed(fmt::format("a width or index in the format is greater than {}", k_widest));
  }
  return count;
}

void read_flags(std::string_view format, std::size_t& at, FormatDirective& out) {
  for (; at < format.size(); ++at) {
    switch (format[at]) {
      case '+':
        out.plus = true;
        break;
      case '-':
        out.minus = true;
        break;
      case ' ':
        out.space = true;
        break;
      case '0':
        out.zero = true;
        break;
      case '#':
        out.sharp = true;
        break;
      default:
        return;
    }
  }
}

/// Pads to the width: spaces, or zeros after the sign.
std::string pad(const FormatDirective& d, std::string text, bool numeric) {
  if (!d.width) return text;
  const auto length = count_graphemes(text);
  const auto width = static_cast<std::size_t>(*d.width);
  if (length >= width) return text;
  const auto missing = width - length;
  if (d.minus) return text + std::string(missing, ' ');
  if (!d.zero) return std::string(missing, ' ') + text;
  const std::size_t sign = numeric && !text.empty() && (text[0] == '-' || text[0] == '+' || text[0] == ' ') ? 1 : 0;
  return text.insert(sign, std::string(missing, '0'));
}

std::string with_sign(const FormatDirective& d, std::string text) {
  if (text.starts_with('-')) return text;
  if (text.starts_with('+')) text.erase(0, 1);
  return (d.plus ? "+" : d.space ? " " : "") + text;
}

/// The shortest digits, with an exponent where it is below -4 or from `limit` on.
std::string shortest(const Number& number, int limit) {
  auto digits = number.to_string();
  const bool negative = digits.starts_with('-');
  if (negative) digits.erase(0, 1);
  if (number.sign() == 0 || number.is_infinite()) return number.to_string();
  const auto point = digits.find('.');
  int exponent = static_cast<int>(point == std::string::npos ? digits.size() : point) - 1;
  std::string significant = digits;
  if (point != std::string::npos) significant.erase(point, 1);
  const auto first = significant.find_first_not_of('0');
  significant.erase(0, first);
  exponent -= static_cast<int>(first);
  while (significant.size() > 1 && significant.back() == '0') significant.pop_back();
  if (exponent >= -4 && exponent < limit) return number.to_string();
  const auto rest = significant.substr(1);
  return fmt::format("{}{}{}{}e{}{:02}", negative ? "-" : "", significant[0], rest.empty() ? "" : ".", rest,
                     exponent < 0 ? '-' : '+', std::abs(exponent));
}

std::string print_float(const FormatDirective& d, const Number& number) {
  const char verb = static_cast<char>(std::tolower(d.verb));
  std::string text;
  if (verb == 'v' || (verb == 'g' && !d.precision))
    text = shortest(number, 21);
  else
    text = number.to_text(verb, d.precision.value_or(6));
  if (d.verb == 'E' || d.verb == 'G')
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return pad(d, with_sign(d, std::move(text)), true);
}

std::string print_integer(const FormatDirective& d, const Number& number) {
  const int base = d.verb == 'b' ? 2 : d.verb == 'o' ? 8 : d.verb == 'd' ? 10 : 16;
  auto text = number.to_base(base);
  if (d.verb == 'X')
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return pad(d, with_sign(d, std::move(text)), true);
}

std::string cut(const FormatDirective& d, const std::string& text) {
  if (!d.precision) return text;
  const auto clusters = graphemes(text);
  std::string out;
  for (std::size_t i = 0; i < clusters.size() && i < static_cast<std::size_t>(*d.precision); ++i) out += clusters[i];
  return out;
}

Result<Value> wanted(const FormatDirective& d, const Value& value, const Type& type) {
  auto converted = convert(value, type);
  if (!converted) return failed(fmt::format("\"{}\": {}", d.text, converted.error().summary));
  if (converted->is_null()) return failed(fmt::format("\"{}\": null cannot be formatted", d.text));
  return converted;
}

}  // namespace format_parts

Result<FormatDirective> read_directive(std::string_view format, std::size_t& at) {
  using namespace format_parts;
  const auto begin = at++;
  FormatDirective out;
  read_flags(format, at, out);
  const auto read_index = [&]() -> Result<> {
    if (at >= format.size() || format[at] != '[') return {};
    ++at;
    const auto index = TRY(read_count(format, at));
    if (index < 1 || at >= format.size() || format[at] != ']')
      return failed(fmt::format("the argument index at offset {} of the format is wrong", begin));
    ++at;
    out.argument = static_cast<std::size_t>(index);
    return {};
  };
  TRY(read_index());
  if (at < format.size() && is_digit(format[at])) out.width = TRY(read_count(format, at));
  if (at < format.size() && format[at] == '.') {
    ++at;
    out.precision = TRY(read_count(format, at));
  }
  TRY(read_index());
  if (at >= format.size()) return failed(fmt::format("the format ends inside \"{}\"", format.substr(begin)));
  out.verb = format[at++];
  out.text = format.substr(begin, at - begin);
  if (out.verb != '%' && k_verbs.find(out.verb) == std::string_view::npos)
    return failed(fmt::format("\"{}\" at offset {} is no directive", is_utf8(out.text) ? out.text : "%?", begin));
  return out;
}

Result<std::string> print(const FormatDirective& d, const Value& value) {
  using namespace format_parts;
  switch (d.verb) {
    case 'v':
      if (d.sharp) return pad(d, TRY(encode_json(value)), false);
      if (value.is_null()) return pad(d, "null", false);
      if (value.kind() == TypeKind::number) return print_float(d, value.as_number());
      if (value.kind() == TypeKind::string) return pad(d, cut(d, value.as_string()), false);
      return pad(d, TRY(encode_json(value)), false);
    case 't':
      return pad(d, TRY(wanted(d, value, Type::boolean())).as_bool() ? "true" : "false", false);
    case 's':
      return pad(d, cut(d, TRY(wanted(d, value, Type::string())).as_string()), false);
    case 'q': {
      const auto text = TRY(wanted(d, value, Type::string()));
      return pad(d, TRY(encode_json(text)), false);
    }
    case 'b':
    case 'd':
    case 'o':
    case 'x':
    case 'X':
      return print_integer(d, TRY(wanted(d, value, Type::number())).as_number());
    default:
      return print_float(d, TRY(wanted(d, value, Type::number())).as_number());
  }
}

}  // namespace trunkform::language
