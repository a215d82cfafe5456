#include <algorithm>
#include <array>
#include <optional>

#include "planner/language/functions/function.hpp"
#include "planner/language/value/unicode.hpp"

namespace trunkform::language {
namespace string_family {

Value text(std::string_view value) { return Value::string(value); }

Result<Value> upper(const Arguments& a) { return text(to_upper(a[0].as_string())); }
Result<Value> lower(const Arguments& a) { return text(to_lower(a[0].as_string())); }
Result<Value> title(const Arguments& a) { return text(to_title(a[0].as_string())); }

Result<Value> reverse_text(const Arguments& a) {
  auto clusters = graphemes(a[0].as_string());
  std::string out;
  for (auto at = clusters.rbegin(); at != clusters.rend(); ++at) out += *at;
  return text(out);
}

Result<Value> substring(const Arguments& a) {
  const auto clusters = graphemes(a[0].as_string());
  const auto count = static_cast<std::int64_t>(clusters.size());
  const auto offset = a[1].as_number().to_integer(), length = a[2].as_number().to_integer();
  if (!offset || !length) return failed("offset and length must be whole numbers");
  if (*length < -1) return failed("the length must be -1 (to the end) or more");
  auto begin = *offset < 0 ? std::max<std::int64_t>(0, *offset + count) : std::min(*offset, count);
  const auto end = *length == -1 || *length > count - begin ? count : begin + *length;
  std::string out;
  for (; begin < end; ++begin) out += clusters[static_cast<std::size_t>(begin)];
  return text(out);
}

/// Strips code points for which `strips` holds from the sides asked for.
template <class Predicate>
Value strip(std::string_view value, bool left, bool right, Predicate strips) {
  const auto points = code_points(value);
  std::size_t begin = 0, end = points.size();
  while (left && begin < end && strips(points[begin])) ++begin;
  while (right && end > begin && strips(points[end - 1])) --end;
  std::string out;
  for (; begin < end; ++begin) out += points[begin];
  return text(out);
}

Result<Value> trim(const Arguments& a) {
  const auto set = code_points(a[1].as_string());
  return strip(a[0].as_string(), true, true,
               [&](std::string_view c) { return std::find(set.begin(), set.end(), c) != set.end(); });
}
Result<Value> trim_space(const Arguments& a) {
  return strip(a[0].as_string(), true, true, [](std::string_view c) { return is_space(code_point_of(c)); });
}
Result<Value> trim_prefix(const Arguments& a) {
  std::string_view value = a[0].as_string();
  if (value.starts_with(a[1].as_string())) value.remove_prefix(a[1].as_string().size());
  return text(value);
}
Result<Value> trim_suffix(const Arguments& a) {
  std::string_view value = a[0].as_string();
  if (value.ends_with(a[1].as_string())) value.remove_suffix(a[1].as_string().size());
  return text(value);
}
Result<Value> chomp(const Arguments& a) {
  return strip(a[0].as_string(), false, true, [](std::string_view c) { return c == "\n" || c == "\r"; });
}

Result<Value> starts_with(const Arguments& a) { return Value::boolean(a[0].as_string().starts_with(a[1].as_string())); }
Result<Value> ends_with(const Arguments& a) { return Value::boolean(a[0].as_string().ends_with(a[1].as_string())); }
Result<Value> contains_text(const Arguments& a) {
  return Value::boolean(a[0].as_string().find(a[1].as_string()) != std::string::npos);
}

Result<Value> join(const Arguments& a) {
  const auto& separator = a[0].as_string();
  std::string out;
  bool first = true;
  for (std::size_t i = 1; i < a.size(); ++i) {
    for (const auto& part : a[i].elements()) {
      if (part.is_null()) return failed("an element is null: it cannot be joined");
      if (!first) out += separator;
      first = false;
      out += part.as_string();
      if (out.size() > k_longest_result) return failed("the string is too long");
    }
  }
  return text(out);
}

Result<Value> split(const Arguments& a) {
  const auto& separator = a[0].as_string();
  std::string_view rest = a[1].as_string();
  std::vector<Value> out;
  if (separator.empty()) {
    for (const auto piece : code_points(rest)) out.push_back(text(piece));
    return Value::list(Type::string(), std::move(out));
  }
  for (auto at = rest.find(separator); at != std::string_view::npos; at = rest.find(separator)) {
    out.push_back(text(rest.substr(0, at)));
    rest.remove_prefix(at + separator.size());
  }
  out.push_back(text(rest));
  return Value::list(Type::string(), std::move(out));
}

Result<Value> indent(const Arguments& a) {
  const auto spaces = a[0].as_number().to_integer();
  if (!spaces || *spaces < 0 || *spaces > 10'000) return failed("the number of spaces must be from 0 to 10000");
  std::string out;
  for (const char c : a[1].as_string()) {
    out += c;
    if (c == '\n') out.append(static_cast<std::size_t>(*spaces), ' ');
    if (out.size() > k_longest_result) return failed("the string is too long");
  }
  return text(out);
}

constexpr std::array k_rows{
    FunctionRow{"upper(str: string) string", "All letters in upper case.", upper},
    FunctionRow{"lower(str: string) string", "All letters in lower case.", lower},
    FunctionRow{"title(str: string) string", "The first letter of each word in upper case.", title},
    FunctionRow{"strrev(str: string) string", "The characters in reverse order.", reverse_text},
    FunctionRow{"substr(str: string, offset: number, length: number) string",
                "A part of the string, counted in characters; offset < 0 counts from the end, length -1 is the rest.",
                substring},
    FunctionRow{"trim(str: string, cutset: string) string", "Without the given characters at both ends.", trim},
    FunctionRow{"trimspace(str: string) string", "Without white space at both ends.", trim_space},
    FunctionRow{"trimprefix(str: string, prefix: string) string", "Without the prefix, where it has it.", trim_prefix},
    FunctionRow{"trimsuffix(str: string, suffix: string) string", "Without the suffix, where it has it.", trim_suffix},
    FunctionRow{"chomp(str: string) string", "Without line ends at the end.", chomp},
    FunctionRow{"startswith(str: string, prefix: string) bool", "Whether the string begins so.", starts_with},
    FunctionRow{"endswith(str: string, suffix: string) bool", "Whether the string ends so.", ends_with},
    FunctionRow{"strcontains(str: string, substr: string) bool", "Whether the string holds the other.", contains_text},
    FunctionRow{"join(separator: string, lists...: list(string)) string", "The elements, with the separator between.",
                join},
    FunctionRow{"split(separator: string, str: string) list(string)", "The parts between separators.", split},
    FunctionRow{"indent(spaces: number, str: string) string", "Spaces in front of every line but the first.", indent},
};

}  // namespace string_family

std::span<const FunctionRow> string_functions() { return string_family::k_rows; }

}  // namespace trunkform::language
