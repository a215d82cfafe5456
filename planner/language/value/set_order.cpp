#include "planner/language/value/set_order.hpp"

#include <algorithm>
#include <utility>

namespace trunkform::language {
namespace {

/// Quoted, so that no text can be taken for the separators around it.
void append_quoted(const std::string& text, std::string& out) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void append_key(const Value& value, std::string& out) {
  if (value.is_null()) return void(out += '~');
  switch (value.kind()) {
    case TypeKind::boolean:
      out += value.as_bool() ? 'T' : 'F';
      return;
    case TypeKind::number:
      out += value.as_number().sign() == 0 ? "0" : value.as_number().to_string();
      return;
    case TypeKind::string:
      return append_quoted(value.as_string(), out);
    case TypeKind::map:
    case TypeKind::object:
      out += value.kind() == TypeKind::map ? '{' : '<';
      for (const auto& entry : value.entries()) {
        if (value.kind() == TypeKind::map) append_quoted(entry.key, out);
        append_key(entry.value, out);
        out += ';';
      }
      out += '}';
      return;
    default:
      out += '[';
      for (const auto& element : value.elements()) {
        append_key(element, out);
        out += ';';
      }
      out += ']';
  }
}

int compare_primitives(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return static_cast<int>(a.is_null()) - static_cast<int>(b.is_null());
  if (a.kind() == TypeKind::string) return a.as_string().compare(b.as_string());
  if (a.kind() == TypeKind::boolean) return static_cast<int>(a.as_bool()) - static_cast<int>(b.as_bool());
  return a.as_number().equals(b.as_number()) ? 0 : a.as_number().compare(b.as_number());
}

}  // namespace

void sort_as_set(const Type& element, std::vector<Value>& elements) {
  if (element.is_primitive()) {
    std::stable_sort(elements.begin(), elements.end(),
                     [](const Value& a, const Value& b) { return compare_primitives(a, b) < 0; });
    elements.erase(std::unique(elements.begin(), elements.end(),
                               [](const Value& a, const Value& b) { return compare_primitives(a, b) == 0; }),
                   elements.end());
    return;
  }
  std::vector<std::pair<std::string, Value>> keyed;
  keyed.reserve(elements.size());
  for (auto& value : elements) {
    std::string key;
    append_key(value, key);
    // Null after everything else.
    keyed.emplace_back((value.is_null() ? '1' : '0') + key, std::move(value));
  }
  std::stable_sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  keyed.erase(std::unique(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first == b.first; }),
              keyed.end());
  elements.clear();
  for (auto& [key, value] : keyed) elements.push_back(std::move(value));
}

}  // namespace trunkform::language
