#include "planner/language/json/document.hpp"

#include <algorithm>

#include "planner/language/json/escape.hpp"
#include "planner/language/json/position.hpp"

namespace trunkform::language {
namespace {

/// Distance of the marks: the work of one position, against 24 bytes for each.
constexpr std::size_t k_mark_distance = 64;

std::vector<SourcePosition> marks_of(std::string_view bytes) {
  std::vector<SourcePosition> marks;
  marks.reserve(bytes.size() / k_mark_distance + 1);
  SourcePosition at;
  marks.push_back(at);
  for (std::size_t offset = k_mark_distance; offset <= bytes.size(); offset += k_mark_distance) {
    advance(at, bytes, offset);
    marks.push_back(at);
  }
  return marks;
}

}  // namespace

std::string_view describe(JsonKind kind) {
  switch (kind) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return "a bool";
    case JsonKind::number:
      return "a number";
    case JsonKind::string:
      return "a string";
    case JsonKind::array:
      return "an array";
    case JsonKind::object:
      break;
  }
  return "an object";
}

JsonDocument::JsonDocument(std::string file, std::string bytes, std::vector<Node> nodes,
                           std::vector<std::string> decoded)
    : m_file(std::move(file)),
      m_bytes(std::move(bytes)),
      m_nodes(std::move(nodes)),
      m_decoded(std::move(decoded)),
      m_marks(marks_of(m_bytes)) {}

SourcePosition JsonDocument::position(std::size_t offset) const {
  auto at = m_marks[std::min(offset / k_mark_distance, m_marks.size() - 1)];
  advance(at, m_bytes, std::min(offset, m_bytes.size()));
  return at;
}

JsonKind JsonValue::kind() const { return m_document->m_nodes[m_index].kind; }
std::size_t JsonValue::begin_offset() const { return m_document->m_nodes[m_index].begin; }
std::size_t JsonValue::end_offset() const { return m_document->m_nodes[m_index].end; }
SourceRange JsonValue::range() const { return m_document->range(begin_offset(), end_offset()); }
bool JsonValue::boolean() const { return m_document->m_bytes[begin_offset()] == 't'; }

std::string_view JsonValue::source() const {
  const auto& node = m_document->m_nodes[m_index];
  return std::string_view(m_document->m_bytes).substr(node.begin, node.end - node.begin);
}

std::string_view JsonValue::text() const {
  const auto& node = m_document->m_nodes[m_index];
  if (node.kind != JsonKind::string) return source();
  if (node.size != 0) return m_document->m_decoded[node.size - 1];
  return source().substr(1, node.end - node.begin - 2);
}

std::size_t JsonValue::size() const {
  const auto& node = m_document->m_nodes[m_index];
  return node.kind == JsonKind::array || node.kind == JsonKind::object ? node.size : 0;
}

std::vector<JsonValue> JsonValue::elements() const {
  std::vector<JsonValue> result;
  if (!is(JsonKind::array)) return result;
  result.reserve(size());
  const auto& nodes = m_document->m_nodes;
  for (auto index = m_index + 1; index < nodes[m_index].next; index = nodes[index].next)
    result.push_back(JsonValue(m_document, index));
  return result;
}

std::vector<JsonMember> JsonValue::members() const {
  std::vector<JsonMember> result;
  if (!is(JsonKind::object)) return result;
  result.reserve(size());
  const auto& nodes = m_document->m_nodes;
  for (auto index = m_index + 1; index < nodes[m_index].next; index = nodes[index + 1].next)
    result.push_back({JsonValue(m_document, index), JsonValue(m_document, index + 1)});
  return result;
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const {
  for (const auto& member : members())
    if (member.key.text() == key) return member.value;
  return std::nullopt;
}

JsonStringMap JsonValue::string_map() const {
  JsonStringMap map;
  map.m_document = m_document;
  const auto content = source().substr(1, source().size() - 2);
  map.m_shifts.push_back({0, begin_offset() + 1});
  if (m_document->m_nodes[m_index].size == 0) return map;
  std::size_t decoded = 0;
  for (std::size_t at = content.find('\\'), from = 0; at != std::string_view::npos; at = content.find('\\', from)) {
    decoded += at - from;
    // An escape's bytes all stand at its backslash.
    const auto escape = read_escape(content.substr(at));
    for (std::size_t byte = 0; byte < escape.text.size(); ++byte)
      map.m_shifts.push_back({decoded + byte, begin_offset() + 1 + at});
    decoded += escape.text.size();
    from = at + escape.length;
    map.m_shifts.push_back({decoded, begin_offset() + 1 + from});
  }
  return map;
}

SourcePosition JsonStringMap::position(std::size_t decoded) const {
  const auto after = std::upper_bound(m_shifts.begin(), m_shifts.end(), decoded,
                                      [](std::size_t offset, const Shift& shift) { return offset < shift.decoded; });
  const auto& shift = *std::prev(after);
  return m_document->position(shift.source + (decoded - shift.decoded));
}

}  // namespace trunkform::language
