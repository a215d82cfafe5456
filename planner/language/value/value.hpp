#pragma once
// A value of the configuration's language: known, null or unknown, of a type, perhaps marked sensitive. Immutable,
// cheap to copy (one shared pointer and a mark), thread-safe. Strings are NFC. Sets are sorted and without duplicates;
// maps and objects are sorted by the bytes of their keys: looking up one of 100,000 keys costs a binary search.
//
// Sensitivity: the mark sits on the value it was given to. Reading a part of a sensitive value yields a sensitive part
// (`expression` does that); a set hoists its elements' marks. Functions keep marks unless their table entry says else.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "planner/language/value/number.hpp"
#include "planner/language/value/type.hpp"

namespace trunkform::language {

class Value;
struct Entry;

enum class Knowledge { known, null, unknown };

class Value {
 public:
  /// Null of no particular type, as the literal `null`.
  Value();
  static Value null(Type type);
  static Value unknown(Type type);
  static Value boolean(bool value);
  static Value number(Number value);
  static Value integer(std::int64_t value) { return number(Number(value)); }
  /// Normalised to NFC; bytes that are not UTF-8 become U+FFFD.
  static Value string(std::string_view text);
  /// Every element must have the type `element` (see `convert`).
  static Value list(Type element, std::vector<Value> elements);
  /// Sorts, drops duplicates, hoists marks. Wholly unknown as soon as an element is.
  static Value set(Type element, std::vector<Value> elements);
  /// Of equal keys the last counts. Keys are normalised to NFC.
  static Value map(Type element, std::vector<Entry> entries);
  static Value tuple(std::vector<Value> elements);
  static Value object(std::vector<Entry> attributes);

  const Type& type() const;
  TypeKind kind() const { return type().kind(); }
  Knowledge knowledge() const;
  bool is_null() const { return knowledge() == Knowledge::null; }
  bool is_unknown() const { return knowledge() == Knowledge::unknown; }
  bool is_known() const { return knowledge() == Knowledge::known; }  ///< here, not within
  bool is_wholly_known() const;                                      ///< nothing unknown here or within
  /// Levels within: 0 for a primitive or an empty collection. Builders of values keep it below `k_greatest_depth`, so
  /// that whatever walks a value may recurse.
  unsigned depth() const;
  static constexpr unsigned k_greatest_depth = 400;

  bool is_sensitive() const { return m_sensitive; }  ///< this value itself
  bool has_sensitive() const;                        ///< here or anywhere within
  Value sensitive() const;
  Value sensitive_if(bool mark) const { return mark ? sensitive() : *this; }
  /// Without this value's own mark; marks within stay.
  Value revealed() const;
  /// Without any mark, here and within.
  Value revealed_deep() const;

  // Only of known values of that type; anything else is a bug and throws std::logic_error.
  bool as_bool() const;
  const Number& as_number() const;
  const std::string& as_string() const;
  const std::vector<Value>& elements() const;  ///< of a list, set or tuple
  const std::vector<Entry>& entries() const;   ///< of a map or object, sorted by key
  std::size_t size() const;                    ///< of any collection or structure
  /// By key in a map or object; null pointer where there is none.
  const Value* find(std::string_view key) const;

  /// Same type, same content, same marks; unknowns are equal to unknowns of the same type.
  friend bool operator==(const Value& left, const Value& right);

 private:
  struct Rep;
  explicit Value(std::shared_ptr<const Rep> rep) : m_rep(std::move(rep)) {}
  std::shared_ptr<const Rep> m_rep;
  bool m_sensitive = false;
};

struct Entry {
  std::string key;
  Value value;
  friend bool operator==(const Entry&, const Entry&) = default;
};

}  // namespace trunkform::language
