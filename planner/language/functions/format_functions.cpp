#include <array>

#include <fmt/format.h>

#include "planner/language/functions/format_directive.hpp"
#include "planner/language/functions/function.hpp"

namespace trunkform::language {
namespace format_family {

/// Error without a place: the format, or an argument that does not suit it.
Result<std::string> format_text(std::string_view format, std::span<const Value> arguments) {
  std::string out;
  std::size_t next = 0, used = 0;
  for (std::size_t at = 0; at < format.size();) {
    if (format[at] != '%') {
      out += format[at++];
      continue;
    }
    const auto directive = TRY(read_directive(format, at));
    if (directive.verb == '%') {
      out += '%';
      continue;
    }
    if (directive.argument) next = *directive.argument - 1;
    if (next >= arguments.size())
      return failed(fmt::format("\"{}\" needs argument {}, there are {}", directive.text, next + 1, arguments.size()));
    out += TRY(print(directive, arguments[next++]));
    used = std::max(used, next);
    if (out.size() > k_longest_result) return failed("the string is too long");
  }
  if (used < arguments.size())
    return failed(fmt::format("there are {} arguments, the format uses {}", arguments.size(), used));
  return out;
}

bool has_bare_null(std::span<const Value> values) {
  for (const auto& value : values)
    if (value.is_null() && value.kind() == TypeKind::dynamic) return true;
  return false;
}

Result<Value> format(const Arguments& a) {
  // A null of no type could be anything: Terraform answers that the result is not known.
  if (has_bare_null(a.values.subspan(1))) return Value::unknown(Type::string());
  return Value::string(TRY(format_text(a[0].as_string(), a.values.subspan(1))));
}

bool is_repeated(const Value& value) {
  return value.is_known() &&
         (value.kind() == TypeKind::list || value.kind() == TypeKind::set || value.kind() == TypeKind::tuple);
}

Result<Value> format_list(const Arguments& a) {
  if (has_bare_null(a.values.subspan(1))) return Value::unknown(Type::list(Type::string()));
  std::optional<std::size_t> length;
  for (std::size_t i = 1; i < a.size(); ++i) {
    if (!is_repeated(a[i])) continue;
    if (length && *length != a[i].size())
      return failed(fmt::format("argument {} has {} elements, one before has {}", i, a[i].size(), *length));
    length = a[i].size();
  }
  std::vector<Value> out;
  for (std::size_t row = 0; row < length.value_or(1); ++row) {
    std::vector<Value> arguments;
    for (std::size_t i = 1; i < a.size(); ++i) arguments.push_back(is_repeated(a[i]) ? a[i].elements()[row] : a[i]);
    out.push_back(Value::string(TRY(format_text(a[0].as_string(), arguments))));
  }
  return Value::list(Type::string(), std::move(out));
}

constexpr std::array k_rows{
    FunctionRow{"format(format: string, args?...: any) string",
                "Printed by a format: %s, %d, %v, %q, %t, %f, %e, %g, %b, %o, %x; %[2]s picks an argument.", format},
    FunctionRow{"formatlist(format: string, args?...: any) list(string)",
                "Printed once for each element of the lists among the arguments.", format_list},
};

}  // namespace format_family

std::span<const FunctionRow> format_functions() { return format_family::k_rows; }

}  // namespace trunkform::language
