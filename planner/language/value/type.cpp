#include "planner/language/value/type.hpp"

#include <algorithm>

namespace trunkform::language {

struct Type::Rep {
  TypeKind kind = TypeKind::dynamic;
  std::vector<Type> children;  ///< one of a collection, all of a tuple
  std::vector<Attribute> attributes;
  bool has_dynamic = false;
};

namespace {

template <TypeKind kind, class Rep>
std::shared_ptr<const Rep> simple() {
  static const auto rep = std::make_shared<const Rep>(Rep{kind, {}, {}, kind == TypeKind::dynamic});
  return rep;
}

const char* name_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::dynamic:
      return "dynamic";
    case TypeKind::boolean:
      return "bool";
    case TypeKind::number:
      return "number";
    case TypeKind::string:
      return "string";
    case TypeKind::list:
      return "list";
    case TypeKind::set:
      return "set";
    case TypeKind::map:
      return "map";
    case TypeKind::tuple:
      return "tuple";
    case TypeKind::object:
      return "object";
  }
  return "?";
}

std::string spaces(int levels) { return std::string(static_cast<std::size_t>(levels) * 4, ' '); }

void render(const Type& type, int level, std::string& out) {
  out += name_of(type.kind());
  if (type.is_collection()) {
    const auto& element = type.element();
    const bool broken = element.is(TypeKind::object) || element.is(TypeKind::tuple);
    out += broken ? "(\n" + spaces(level + 1) : "(";
    render(element, broken ? level + 1 : level, out);
    out += broken ? ",\n" + spaces(level) + ")" : ")";
  } else if (type.is(TypeKind::tuple)) {
    if (type.elements().empty()) return void(out += "([])");
    out += "([\n";
    for (const auto& element : type.elements()) {
      out += spaces(level + 1);
      render(element, level + 1, out);
      out += ",\n";
    }
    out += spaces(level) + "])";
  } else if (type.is(TypeKind::object)) {
    if (type.attributes().empty()) return void(out += "({})");
    out += "({\n";
    for (const auto& attribute : type.attributes()) {
      out += spaces(level + 1) + attribute.name + ": ";
      render(attribute.type, level + 1, out);
      out += ",\n";
    }
    out += spaces(level) + "})";
  }
}

}  // namespace

Type Type::dynamic() { return Type(simple<TypeKind::dynamic, Rep>()); }
Type Type::boolean() { return Type(simple<TypeKind::boolean, Rep>()); }
Type Type::number() { return Type(simple<TypeKind::number, Rep>()); }
Type Type::string() { return Type(simple<TypeKind::string, Rep>()); }

Type Type::list(Type element) {
  const bool holes = element.has_dynamic();
  return Type(std::make_shared<const Rep>(Rep{TypeKind::list, {std::move(element)}, {}, holes}));
}

Type Type::set(Type element) {
  const bool holes = element.has_dynamic();
  return Type(std::make_shared<const Rep>(Rep{TypeKind::set, {std::move(element)}, {}, holes}));
}

Type Type::map(Type element) {
  const bool holes = element.has_dynamic();
  return Type(std::make_shared<const Rep>(Rep{TypeKind::map, {std::move(element)}, {}, holes}));
}

Type Type::tuple(std::vector<Type> elements) {
  const bool holes = std::any_of(elements.begin(), elements.end(), [](const Type& t) { return t.has_dynamic(); });
  return Type(std::make_shared<const Rep>(Rep{TypeKind::tuple, std::move(elements), {}, holes}));
}

Type Type::object(std::vector<Attribute> attributes) {
  const auto before = [](const Attribute& a, const Attribute& b) { return a.name < b.name; };
  if (!std::is_sorted(attributes.begin(), attributes.end(), before))
    std::stable_sort(attributes.begin(), attributes.end(), before);
  // Of equal names the last stays: unique on the reversed range keeps it.
  const auto same = [](const Attribute& a, const Attribute& b) { return a.name == b.name; };
  const auto kept = std::unique(attributes.rbegin(), attributes.rend(), same);
  attributes.erase(attributes.begin(), kept.base());
  const bool holes =
      std::any_of(attributes.begin(), attributes.end(), [](const Attribute& a) { return a.type.has_dynamic(); });
  return Type(std::make_shared<const Rep>(Rep{TypeKind::object, {}, std::move(attributes), holes}));
}

TypeKind Type::kind() const { return m_rep->kind; }
bool Type::is_primitive() const { return is(TypeKind::boolean) || is(TypeKind::number) || is(TypeKind::string); }
bool Type::is_collection() const { return is(TypeKind::list) || is(TypeKind::set) || is(TypeKind::map); }
bool Type::has_dynamic() const { return m_rep->has_dynamic; }
const Type& Type::element() const { return m_rep->children.at(0); }
const std::vector<Type>& Type::elements() const { return m_rep->children; }
const std::vector<Attribute>& Type::attributes() const { return m_rep->attributes; }

const Attribute* Type::find(std::string_view name) const {
  const auto& all = m_rep->attributes;
  const auto at = std::lower_bound(all.begin(), all.end(), name,
                                   [](const Attribute& a, std::string_view wanted) { return a.name < wanted; });
  return at != all.end() && at->name == name ? &*at : nullptr;
}

std::string Type::friendly() const {
  if (is_collection()) return std::string(name_of(kind())) + " of " + element().friendly();
  return name_of(kind());
}

std::string Type::to_string() const {
  std::string out = is(TypeKind::dynamic) ? "any" : name_of(kind());
  if (is_collection()) return out + "(" + element().to_string() + ")";
  std::string inner;
  const auto separate = [&] { inner += inner.empty() ? "" : ", "; };
  if (is(TypeKind::tuple)) {
    for (const auto& child : elements()) separate(), inner += child.to_string();
    return out + "([" + inner + "])";
  }
  if (!is(TypeKind::object)) return out;
  for (const auto& attribute : attributes()) {
    separate();
    const auto type = attribute.type.to_string();
    inner += attribute.name + " = " + (attribute.presence == Presence::optional ? "optional(" + type + ")" : type);
  }
  return out + "({" + inner + "})";
}

bool operator==(const Type& left, const Type& right) {
  if (left.m_rep == right.m_rep) return true;
  const auto &a = *left.m_rep, &b = *right.m_rep;
  return a.kind == b.kind && a.children == b.children && a.attributes == b.attributes;
}

std::string render_type(const Type& type) {
  std::string out;
  render(type, 0, out);
  return out;
}

}  // namespace trunkform::language
