#include "planner/language/value/value.hpp"

#include <algorithm>
#include <stdexcept>
#include <variant>

#include "planner/language/value/set_order.hpp"
#include "planner/language/value/unicode.hpp"

namespace trunkform::language {

struct Value::Rep {
  Type type;
  Knowledge knowledge = Knowledge::known;
  std::variant<std::monostate, bool, Number, std::string, std::vector<Value>, std::vector<Entry>> content;
  bool marked_within = false;
  bool wholly_known = true;
  unsigned depth = 0;
};

namespace {

template <class T, class Content>
const T& content_of(const Content& content) {
  if (const auto* held = std::get_if<T>(&content)) return *held;
  throw std::logic_error("a value was read as what it is not");
}

void note_part(const Value& part, bool& marked, bool& known, unsigned& depth) {
  marked = marked || part.has_sensitive();
  known = known && part.is_wholly_known();
  depth = std::max(depth, part.depth() + 1);
}

void sort_entries(std::vector<Entry>& entries) {
  for (auto& entry : entries) entry.key = to_nfc(entry.key);
  const auto before = [](const Entry& a, const Entry& b) { return a.key < b.key; };
  if (!std::is_sorted(entries.begin(), entries.end(), before)) std::stable_sort(entries.begin(), entries.end(), before);
  const auto same = [](const Entry& a, const Entry& b) { return a.key == b.key; };
  entries.erase(entries.begin(), std::unique(entries.rbegin(), entries.rend(), same).base());
}

}  // namespace

Value::Value() {
  static const auto rep = std::make_shared<const Rep>(Rep{Type::dynamic(), Knowledge::null, {}, false, true, 0});
  m_rep = rep;
}

Value Value::null(Type type) {
  if (type.is(TypeKind::dynamic)) return Value();
  return Value(std::make_shared<const Rep>(Rep{std::move(type), Knowledge::null, {}, false, true, 0}));
}

Value Value::unknown(Type type) {
  return Value(std::make_shared<const Rep>(Rep{std::move(type), Knowledge::unknown, {}, false, false, 0}));
}

Value Value::boolean(bool value) {
  static const auto yes = std::make_shared<const Rep>(Rep{Type::boolean(), Knowledge::known, true, false, true, 0});
  static const auto no = std::make_shared<const Rep>(Rep{Type::boolean(), Knowledge::known, false, false, true, 0});
  return Value(value ? yes : no);
}

Value Value::number(Number value) {
  return Value(std::make_shared<const Rep>(Rep{Type::number(), Knowledge::known, std::move(value), false, true, 0}));
}

Value Value::string(std::string_view text) {
  return Value(std::make_shared<const Rep>(Rep{Type::string(), Knowledge::known, to_nfc(text), false, true, 0}));
}

Value Value::list(Type element, std::vector<Value> elements) {
  Rep rep{Type::list(std::move(element)), Knowledge::known, {}, false, true, 0};
  for (const auto& part : elements) note_part(part, rep.marked_within, rep.wholly_known, rep.depth);
  rep.content = std::move(elements);
  return Value(std::make_shared<const Rep>(std::move(rep)));
}

Value Value::set(Type element, std::vector<Value> elements) {
  bool marked = false, known = true;
  unsigned depth = 0;
  for (auto& part : elements) {
    note_part(part, marked, known, depth);
    if (part.has_sensitive()) part = part.revealed_deep();
  }
  auto type = Type::set(element);
  if (!known) return unknown(std::move(type)).sensitive_if(marked);
  sort_as_set(element, elements);
  Rep rep{std::move(type), Knowledge::known, std::move(elements), false, true, depth};
  return Value(std::make_shared<const Rep>(std::move(rep))).sensitive_if(marked);
}

Value Value::map(Type element, std::vector<Entry> entries) {
  Rep rep{Type::map(std::move(element)), Knowledge::known, {}, false, true, 0};
  sort_entries(entries);
  for (const auto& part : entries) note_part(part.value, rep.marked_within, rep.wholly_known, rep.depth);
  rep.content = std::move(entries);
  return Value(std::make_shared<const Rep>(std::move(rep)));
}

Value Value::tuple(std::vector<Value> elements) {
  Rep rep;
  std::vector<Type> types;
  types.reserve(elements.size());
  for (const auto& part : elements) {
    note_part(part, rep.marked_within, rep.wholly_known, rep.depth);
    types.push_back(part.type());
  }
  rep.type = Type::tuple(std::move(types));
  rep.content = std::move(elements);
  return Value(std::make_shared<const Rep>(std::move(rep)));
}

Value Value::object(std::vector<Entry> attributes) {
  Rep rep;
  sort_entries(attributes);
  std::vector<Attribute> types;
  types.reserve(attributes.size());
  for (const auto& part : attributes) {
    note_part(part.value, rep.marked_within, rep.wholly_known, rep.depth);
    types.push_back({part.key, part.value.type(), Presence::required});
  }
  rep.type = Type::object(std::move(types));
  rep.content = std::move(attributes);
  return Value(std::make_shared<const Rep>(std::move(rep)));
}

const Type& Value::type() const { return m_rep->type; }
Knowledge Value::knowledge() const { return m_rep->knowledge; }
bool Value::is_wholly_known() const { return m_rep->wholly_known; }
bool Value::has_sensitive() const { return m_sensitive || m_rep->marked_within; }
unsigned Value::depth() const { return m_rep->depth; }

Value Value::sensitive() const {
  Value out = *this;
  out.m_sensitive = true;
  return out;
}

Value Value::revealed() const {
  Value out = *this;
  out.m_sensitive = false;
  return out;
}

Value Value::revealed_deep() const {
  if (!m_rep->marked_within) return revealed();
  Rep rep = *m_rep;
  rep.marked_within = false;
  if (auto* elements = std::get_if<std::vector<Value>>(&rep.content))
    for (auto& part : *elements) part = part.revealed_deep();
  if (auto* entries = std::get_if<std::vector<Entry>>(&rep.content))
    for (auto& part : *entries) part.value = part.value.revealed_deep();
  return Value(std::make_shared<const Rep>(std::move(rep)));
}

bool Value::as_bool() const { return content_of<bool>(m_rep->content); }
const Number& Value::as_number() const { return content_of<Number>(m_rep->content); }
const std::string& Value::as_string() const { return content_of<std::string>(m_rep->content); }
const std::vector<Value>& Value::elements() const { return content_of<std::vector<Value>>(m_rep->content); }
const std::vector<Entry>& Value::entries() const { return content_of<std::vector<Entry>>(m_rep->content); }

std::size_t Value::size() const {
  if (const auto* held = std::get_if<std::vector<Entry>>(&m_rep->content)) return held->size();
  return elements().size();
}

const Value* Value::find(std::string_view key) const {
  const auto& all = entries();
  const auto at = std::lower_bound(all.begin(), all.end(), key,
                                   [](const Entry& entry, std::string_view wanted) { return entry.key < wanted; });
  return at != all.end() && at->key == key ? &at->value : nullptr;
}

bool operator==(const Value& left, const Value& right) {
  if (left.m_sensitive != right.m_sensitive) return false;
  if (left.m_rep == right.m_rep) return true;
  const auto &a = *left.m_rep, &b = *right.m_rep;
  if (a.knowledge != b.knowledge || a.content.index() != b.content.index() || !(a.type == b.type)) return false;
  if (const auto* number = std::get_if<Number>(&a.content)) return number->equals(std::get<Number>(b.content));
  if (const auto* flag = std::get_if<bool>(&a.content)) return *flag == std::get<bool>(b.content);
  if (const auto* text = std::get_if<std::string>(&a.content)) return *text == std::get<std::string>(b.content);
  if (const auto* parts = std::get_if<std::vector<Value>>(&a.content))
    return *parts == std::get<std::vector<Value>>(b.content);
  if (const auto* parts = std::get_if<std::vector<Entry>>(&a.content))
    return *parts == std::get<std::vector<Entry>>(b.content);
  return true;
}

}  // namespace trunkform::language
