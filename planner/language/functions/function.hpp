#pragma once
// What a function of the language is: one row of a family's table. The signature is contract and documentation at once,
// and is read when the table is first used: `join(separator: string, lists...: list(string)) string`. `?` after a
// parameter's name lets null in; `...` takes any number of arguments. Arguments are converted to their types first.
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "planner/language/expression/scope.hpp"
#include "planner/language/value/value.hpp"

namespace trunkform::language {

/// `spread`: the function sees no marks and its result bears the mark of any argument, here or within. `own`: it sees
/// and sets marks itself.
enum class Marks { spread, own };
/// `spread`: with an argument that is not wholly known the result is unknown. `own`: it is called all the same.
enum class Unknowns { spread, own };

struct Arguments {
  std::span<const Value> values;
  const Scope& scope;
  const Value& operator[](std::size_t i) const { return values[i]; }
  std::size_t size() const { return values.size(); }
};

using Implementation = Result<Value> (*)(const Arguments&);

struct FunctionRow {
  std::string_view signature;
  std::string_view documentation;  ///< one line
  Implementation run;
  Marks marks = Marks::spread;
  Unknowns unknowns = Unknowns::spread;
};

struct Parameter {
  std::string name;
  Type type;
  bool takes_null = false;
};

struct Function {
  std::string name;
  std::vector<Parameter> parameters;
  std::vector<Parameter> rest;  ///< none or one
  Type result;                  ///< dynamic where it depends on the arguments
  const FunctionRow* row = nullptr;
};

/// All functions by name, sorted. Built once; thread-safe.
class FunctionTable {
 public:
  static const FunctionTable& standard();
  const Function* find(std::string_view name) const;
  const std::vector<Function>& all() const { return m_functions; }
  std::vector<std::string> names() const;

 private:
  explicit FunctionTable(std::span<const std::span<const FunctionRow>> families);
  std::vector<Function> m_functions;
};

/// Checks and converts the arguments, passes on marks and unknowns, calls. Error: invalid_input without a place.
Result<Value> call(const Function& function, std::span<const Value> arguments, const Scope& scope);

// The families, each one file.
std::span<const FunctionRow> conversion_functions();
std::span<const FunctionRow> string_functions();
std::span<const FunctionRow> format_functions();
std::span<const FunctionRow> regex_functions();
std::span<const FunctionRow> numeric_functions();
std::span<const FunctionRow> collection_functions();
std::span<const FunctionRow> list_functions();
std::span<const FunctionRow> set_functions();
std::span<const FunctionRow> encoding_functions();
std::span<const FunctionRow> hash_functions();
std::span<const FunctionRow> file_functions();

/// A failure of a function, without its name: the caller puts that in front.
inline Error failed(std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); }

/// No result of a function has more elements, no text more bytes.
inline constexpr std::size_t k_most_elements = 1'000'000;
inline constexpr std::size_t k_longest_result = 64U << 20;

}  // namespace trunkform::language
