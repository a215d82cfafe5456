#include <array>

#include "planner/language/functions/base64.hpp"
#include "planner/language/functions/function.hpp"
#include "planner/language/functions/public_file.hpp"
#include "planner/language/value/unicode.hpp"

namespace trunkform::language {
namespace file_family {

Result<std::string> read(const Arguments& a) {
  if (!a.scope.host()) return failed("no files can be read here");
  return read_public_file(*a.scope.host(), a[0].as_string());
}

Result<Value> file(const Arguments& a) {
  const auto bytes = TRY(read(a));
  if (!is_utf8(bytes)) return failed("the file is not UTF-8: filebase64() reads any");
  return Value::string(bytes);
}

Result<Value> file_base64(const Arguments& a) { return Value::string(to_base64(TRY(read(a)))); }

Result<Value> file_exists(const Arguments& a) {
  if (!a.scope.host()) return failed("no files can be read here");
  return Value::boolean(TRY(a.scope.host()->file_exists(a[0].as_string())));
}

std::string_view without_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

Result<Value> base_name(const Arguments& a) {
  const auto path = without_slashes(a[0].as_string());
  if (path.empty()) return Value::string(".");
  return Value::string(path == "/" ? path : path.substr(path.rfind('/') + 1));
}

Result<Value> directory_name(const Arguments& a) {
  const std::string_view path = a[0].as_string();
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return Value::string(".");
  return Value::string(without_slashes(path.substr(0, slash + 1)));
}

Result<Value> timestamp(const Arguments& a) {
  const auto now = a.scope.now();
  return now ? Value::string(to_rfc3339(std::chrono::floor<std::chrono::seconds>(*now)))
             : Value::unknown(Type::string());
}

constexpr std::array k_rows{
    FunctionRow{"file(path: string) string", "A text file's content.", file},
    FunctionRow{"filebase64(path: string) string", "A file's bytes as base64.", file_base64},
    FunctionRow{"fileexists(path: string) bool", "Whether there is such a file.", file_exists},
    FunctionRow{"basename(path: string) string", "The last part of a path.", base_name},
    FunctionRow{"dirname(path: string) string", "All but the last part of a path.", directory_name},
    FunctionRow{"timestamp() string", "The time of the run, UTC.", timestamp},
    FunctionRow{"plantimestamp() string", "The time of the plan, UTC.", timestamp},
};

}  // namespace file_family

std::span<const FunctionRow> file_functions() { return file_family::k_rows; }

}  // namespace trunkform::language
