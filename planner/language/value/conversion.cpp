#include "planner/language/value/conversion.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace trunkform::language {
namespace {

Error not_convertible(std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); }

/// "a number is required", "list of string required": Terraform's phrases.
std::string required(const Type& type) {
  switch (type.kind()) {
    case TypeKind::boolean:
      return "a bool is required";
    case TypeKind::number:
      return "a number is required";
    case TypeKind::string:
      return "string required";
    default:
      return (type.has_dynamic() && type.is_collection() ? std::string(type.is(TypeKind::list)  ? "list"
                                                                       : type.is(TypeKind::set) ? "set"
                                                                                                : "map") +
                                                               " of any single type"
                                                         : type.friendly()) +
             " required";
  }
}

Error within(const std::string& part, Error error) {
  error.summary = part + ": " + error.summary;
  return error;
}

Result<Value> to_primitive(const Value& value, const Type& type) {
  const auto from = value.kind();
  if (type.is(TypeKind::string)) {
    if (from == TypeKind::number) return Value::string(value.as_number().to_string());
    if (from == TypeKind::boolean) return Value::string(value.as_bool() ? "true" : "false");
  } else if (type.is(TypeKind::number) && from == TypeKind::string) {
    if (auto number = Number::parse(value.as_string())) return Value::number(*number);
  } else if (type.is(TypeKind::boolean) && from == TypeKind::string) {
    const auto& text = value.as_string();
    if (text == "true" || text == "1") return Value::boolean(true);
    if (text == "false" || text == "0") return Value::boolean(false);
    return not_convertible("a bool is required; of strings only \"true\" and \"false\" can be converted");
  }
  return not_convertible(required(type));
}

/// The parts of anything that can become a list or set.
bool is_sequence(TypeKind kind) { return kind == TypeKind::list || kind == TypeKind::set || kind == TypeKind::tuple; }
bool is_keyed(TypeKind kind) { return kind == TypeKind::map || kind == TypeKind::object; }

/// What a hole in a collection's element type stands for, given the parts.
template <class Parts, class Get>
Result<Type> fill_element(const Parts& parts, const Type& wanted, Get get) {
  if (!wanted.has_dynamic()) return wanted;
  std::vector<Type> types;
  types.reserve(parts.size());
  for (const auto& part : parts) {
    const Value& value = get(part);
    types.push_back(wanted.is(TypeKind::dynamic) ? value.type() : TRY(convert(value, wanted)).type());
  }
  if (auto one = unify(types)) return *one;
  return not_convertible("all elements must have the same type");
}

Result<Value> to_sequence(const Value& value, const Type& type) {
  if (!is_sequence(value.kind())) return not_convertible(required(type));
  const auto& parts = value.elements();
  const auto element = TRY(fill_element(parts, type.element(), [](const Value& v) -> const Value& { return v; }));
  std::vector<Value> out;
  out.reserve(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto part = convert(parts[i], element);
    if (!part) return within(fmt::format("element {}", i), part.error());
    out.push_back(std::move(*part));
  }
  return type.is(TypeKind::list) ? Value::list(element, std::move(out)) : Value::set(element, std::move(out));
}

Result<Value> to_map(const Value& value, const Type& type) {
  if (!is_keyed(value.kind())) return not_convertible(required(type));
  const auto element =
      TRY(fill_element(value.entries(), type.element(), [](const Entry& e) -> const Value& { return e.value; }));
  std::vector<Entry> out;
  out.reserve(value.size());
  for (const auto& entry : value.entries()) {
    auto part = convert(entry.value, element);
    if (!part) return within(fmt::format("element \"{}\"", entry.key), part.error());
    out.push_back({entry.key, std::move(*part)});
  }
  return Value::map(element, std::move(out));
}

Result<Value> to_object(const Value& value, const Type& type) {
  if (!is_keyed(value.kind())) return not_convertible(required(type));
  std::vector<Entry> out;
  out.reserve(type.attributes().size());
  for (const auto& attribute : type.attributes()) {
    const Value* given = value.find(attribute.name);
    if (!given) {
      if (attribute.presence == Presence::required)
        return not_convertible(fmt::format("attribute \"{}\" is required", attribute.name));
      out.push_back({attribute.name, Value::null(attribute.type)});
      continue;
    }
    auto part = convert(*given, attribute.type);
    if (!part) return within(fmt::format("attribute \"{}\"", attribute.name), part.error());
    out.push_back({attribute.name, std::move(*part)});
  }
  return Value::object(std::move(out));
}

Result<Value> to_tuple(const Value& value, const Type& type) {
  if (value.kind() != TypeKind::tuple) return not_convertible(required(type));
  if (value.size() != type.elements().size())
    return not_convertible(fmt::format("a tuple of {} elements is required", type.elements().size()));
  std::vector<Value> out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto part = convert(value.elements()[i], type.elements()[i]);
    if (!part) return within(fmt::format("element {}", i), part.error());
    out.push_back(std::move(*part));
  }
  return Value::tuple(std::move(out));
}

/// Without optional attributes: what a value can have.
Type plain(const Type& type) {
  if (type.is_collection()) {
    auto element = plain(type.element());
    if (type.is(TypeKind::list)) return Type::list(std::move(element));
    return type.is(TypeKind::set) ? Type::set(std::move(element)) : Type::map(std::move(element));
  }
  if (type.is(TypeKind::tuple)) {
    std::vector<Type> elements;
    for (const auto& element : type.elements()) elements.push_back(plain(element));
    return Type::tuple(std::move(elements));
  }
  if (!type.is(TypeKind::object)) return type;
  std::vector<Attribute> attributes;
  for (const auto& a : type.attributes()) attributes.push_back({a.name, plain(a.type), Presence::required});
  return Type::object(std::move(attributes));
}

}  // namespace

Result<Value> convert(const Value& value, const Type& type) {
  if (type.is(TypeKind::dynamic) || value.type() == type) return value;
  const bool mark = value.is_sensitive();
  if (value.is_null()) return Value::null(plain(type)).sensitive_if(mark);
  if (value.is_unknown()) return Value::unknown(plain(type)).sensitive_if(mark);
  const auto made = [&]() -> Result<Value> {
    switch (type.kind()) {
      case TypeKind::list:
      case TypeKind::set:
        return to_sequence(value, type);
      case TypeKind::map:
        return to_map(value, type);
      case TypeKind::tuple:
        return to_tuple(value, type);
      case TypeKind::object:
        return to_object(value, type);
      default:
        return to_primitive(value, type);
    }
  }();
  if (!made) return made.error();
  return made->sensitive_if(mark);
}

}  // namespace trunkform::language
