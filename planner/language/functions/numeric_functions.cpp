#include <array>
#include <cmath>

#include "planner/language/functions/function.hpp"
#include "planner/language/value/conversion.hpp"

namespace trunkform::language {
namespace numeric_family {

Value number(Number value) { return Value::number(std::move(value)); }

Result<Value> absolute(const Arguments& a) { return number(a[0].as_number().absolute()); }
Result<Value> ceiling(const Arguments& a) { return number(a[0].as_number().ceiling()); }
Result<Value> floor(const Arguments& a) { return number(a[0].as_number().floor()); }

Result<Value> extreme(const Arguments& a, int wanted) {
  if (a.size() == 0) return failed("at least one number is expected");
  Number best = a[0].as_number();
  for (const auto& value : a.values)
    if (value.as_number().compare(best) == wanted) best = value.as_number();
  return number(best);
}
Result<Value> maximum(const Arguments& a) { return extreme(a, 1); }
Result<Value> minimum(const Arguments& a) { return extreme(a, -1); }

Result<Value> from_double(double value) {
  if (std::isnan(value)) return failed("the result is not a number");
  return number(Number::from_double(value));
}
Result<Value> power(const Arguments& a) {
  return from_double(std::pow(a[0].as_number().to_double(), a[1].as_number().to_double()));
}
Result<Value> logarithm(const Arguments& a) {
  return from_double(std::log(a[0].as_number().to_double()) / std::log(a[1].as_number().to_double()));
}

Result<Value> signum(const Arguments& a) {
  const auto whole = a[0].as_number().to_integer();
  if (!whole) return failed("a whole number of 64 bits is expected");
  return Value::integer((*whole > 0) - (*whole < 0));
}

Result<Value> parse_int(const Arguments& a) {
  if (a[0].kind() != TypeKind::string) return failed("the argument for \"number\" must be a string");
  const auto base = a[1].as_number().to_integer();
  if (!base || *base < 2 || *base > 62) return failed("the base must be from 2 to 62");
  const auto value = Number::parse_integer(a[0].as_string(), static_cast<int>(*base));
  if (!value) return failed("the string is no integer of base " + std::to_string(*base));
  return number(*value);
}

Result<Value> sum(const Arguments& a) {
  const auto kind = a[0].kind();
  if (kind != TypeKind::list && kind != TypeKind::set && kind != TypeKind::tuple)
    return failed("the argument for \"list\" must be a list, set or tuple");
  if (a[0].size() == 0) return failed("the argument for \"list\" must not be empty");
  Number total;
  bool first = true;
  for (const auto& element : a[0].elements()) {
    const auto value = convert(element, Type::number());
    if (!value || value->is_null()) return failed("every element must be a number");
    total = first ? value->as_number() : TRY(total.plus(value->as_number()));
    first = false;
  }
  return number(total);
}

constexpr std::array k_rows{
    FunctionRow{"abs(num: number) number", "Without its sign.", absolute},
    FunctionRow{"ceil(num: number) number", "The next whole number upwards.", ceiling},
    FunctionRow{"floor(num: number) number", "The next whole number downwards.", floor},
    FunctionRow{"max(numbers...: number) number", "The greatest.", maximum},
    FunctionRow{"min(numbers...: number) number", "The least.", minimum},
    FunctionRow{"pow(num: number, power: number) number", "The power, computed in 53 bits.", power},
    FunctionRow{"log(num: number, base: number) number", "The logarithm to a base, computed in 53 bits.", logarithm},
    FunctionRow{"signum(num: number) number", "-1, 0 or 1.", signum},
    FunctionRow{"parseint(number: any, base: number) number", "A string as an integer of a base from 2 to 62.",
                parse_int},
    FunctionRow{"sum(list: any) number", "The sum of all elements.", sum},
};

}  // namespace numeric_family

std::span<const FunctionRow> numeric_functions() { return numeric_family::k_rows; }

}  // namespace trunkform::language
