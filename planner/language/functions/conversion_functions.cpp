#include <array>

#include "planner/language/functions/function.hpp"
#include "planner/language/value/conversion.hpp"

namespace trunkform::language {
namespace conversion_family {

Result<Value> as(const Value& value, const Type& type) {
  auto made = convert(value, type);
  if (made) return made;
  return failed("cannot convert " + value.type().friendly() + ": " + made.error().summary);
}

Result<Value> to_string_(const Arguments& a) { return as(a[0], Type::string()); }
Result<Value> to_number(const Arguments& a) { return as(a[0], Type::number()); }
Result<Value> to_bool(const Arguments& a) { return as(a[0], Type::boolean()); }
Result<Value> to_list(const Arguments& a) { return as(a[0], Type::list(Type::dynamic())); }
Result<Value> to_set(const Arguments& a) { return as(a[0], Type::set(Type::dynamic())); }
Result<Value> to_map(const Arguments& a) { return as(a[0], Type::map(Type::dynamic())); }

Result<Value> mark_sensitive(const Arguments& a) { return a[0].sensitive(); }
Result<Value> unmark(const Arguments& a) { return a[0].revealed(); }
Result<Value> is_marked(const Arguments& a) { return Value::boolean(a[0].is_sensitive()); }
Result<Value> unchanged(const Arguments& a) { return a[0]; }

constexpr std::array k_rows{
    FunctionRow{"tostring(v?: any) string", "A bool or number as a string.", to_string_, Marks::own, Unknowns::own},
    FunctionRow{"tonumber(v?: any) number", "A string that is a decimal number, as a number.", to_number, Marks::own,
                Unknowns::own},
    FunctionRow{"tobool(v?: any) bool", "The strings \"true\" and \"false\" as a bool.", to_bool, Marks::own,
                Unknowns::own},
    FunctionRow{"tolist(v?: any) list", "A set or tuple as a list; its elements get one type.", to_list, Marks::own,
                Unknowns::own},
    FunctionRow{"toset(v?: any) set", "A list or tuple as a set: sorted, without duplicates.", to_set, Marks::own,
                Unknowns::own},
    FunctionRow{"tomap(v?: any) map", "An object as a map; its values get one type.", to_map, Marks::own,
                Unknowns::own},
    FunctionRow{"sensitive(value?: any) any", "The value, marked so that it is never shown.", mark_sensitive,
                Marks::own, Unknowns::own},
    FunctionRow{"nonsensitive(value?: any) any", "The value without its mark: it may be shown.", unmark, Marks::own,
                Unknowns::own},
    FunctionRow{"issensitive(value?: any) bool", "Whether the value itself is marked as sensitive.", is_marked,
                Marks::own, Unknowns::own},
    FunctionRow{"ephemeralasnull(value?: any) any", "The value: nothing here is ephemeral.", unchanged, Marks::own,
                Unknowns::own},
};

}  // namespace conversion_family

std::span<const FunctionRow> conversion_functions() { return conversion_family::k_rows; }

}  // namespace trunkform::language
