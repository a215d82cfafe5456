#pragma once
// The types of values. `dynamic` is "any": the type of a null or unknown of which nothing is known, and a hole in a
// type constraint. Immutable, cheap to copy (shared), thread-safe.
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trunkform::language {

enum class TypeKind { dynamic, boolean, number, string, list, set, map, tuple, object };

class Type;

/// Whether an attribute may be missing from what is converted to the object type (`optional(T)`); null then.
enum class Presence { required, optional };

struct Attribute;

class Type {
 public:
  Type() : Type(dynamic()) {}
  static Type dynamic();
  static Type boolean();
  static Type number();
  static Type string();
  static Type list(Type element);
  static Type set(Type element);
  static Type map(Type element);
  static Type tuple(std::vector<Type> elements);
  /// Sorted by name here; of equal names the last counts.
  static Type object(std::vector<Attribute> attributes);

  TypeKind kind() const;
  bool is(TypeKind wanted) const { return kind() == wanted; }
  bool is_primitive() const;
  bool is_collection() const;                        ///< list, set, map
  bool has_dynamic() const;                          ///< here or within
  const Type& element() const;                       ///< of a list, set or map
  const std::vector<Type>& elements() const;         ///< of a tuple
  const std::vector<Attribute>& attributes() const;  ///< of an object, sorted by name
  const Attribute* find(std::string_view name) const;

  /// For messages: `list of string`, `object`, `tuple`, `bool`, `dynamic`.
  std::string friendly() const;
  /// As people write it in a variable's `type`: `map(object({host = string}))`.
  std::string to_string() const;

  friend bool operator==(const Type& left, const Type& right);

 private:
  struct Rep;
  explicit Type(std::shared_ptr<const Rep> rep) : m_rep(std::move(rep)) {}
  std::shared_ptr<const Rep> m_rep;
};

struct Attribute {
  std::string name;
  Type type;
  Presence presence = Presence::required;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

/// What `type(x)` prints in the console: indented by four, a comma after each part.
std::string render_type(const Type& type);

}  // namespace trunkform::language
