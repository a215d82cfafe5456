#include "cmd/trunkform/json_format.hpp"

#include <algorithm>
#include <optional>

namespace trunkform::cli {
namespace {

using language::JsonKind;
using language::JsonValue;

/// Containers within containers that may share a line: `{ "tls": { "address": "a" } }` may, one more level is a knot.
constexpr unsigned k_levels_on_a_line = 2;

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

/// An element of an array, or a member with its key.
struct Item {
  std::optional<JsonValue> key;
  JsonValue value;
  std::size_t begin() const { return key ? key->begin_offset() : value.begin_offset(); }
};

std::vector<Item> items_of(const JsonValue& value) {
  std::vector<Item> items;
  items.reserve(value.size());
  if (value.is(JsonKind::object))
    for (const auto& member : value.members()) items.push_back({member.key, member.value});
  else
    for (const auto& element : value.elements()) items.push_back({std::nullopt, element});
  return items;
}

bool is_container(const JsonValue& value) { return value.is(JsonKind::object) || value.is(JsonKind::array); }

class Formatter {
 public:
  explicit Formatter(const language::JsonDocument& document) : m_bytes(document.bytes()) {}

  std::string format(const JsonValue& root) {
    if (is_container(root) && root.size() > 0)
      write_block(root, 0);
    else
      write_value(root, 0, 0);
    m_out += '\n';
    return std::move(m_out);
  }

 private:
  std::string_view m_bytes;
  std::string m_out;

  bool blank_line_between(std::size_t begin, std::size_t end) const {
    const auto between = m_bytes.substr(begin, end - begin);
    return std::count(between.begin(), between.end(), '\n') > 1;
  }

  /// Appends `value` to `line`; false as soon as it is clear that it is not for one line.
  bool append_flat(const JsonValue& value, std::string& line, std::size_t most, unsigned levels) const {
    if (!is_container(value)) {
      line += value.source();
      return columns_of(line) <= most;
    }
    const bool is_object = value.is(JsonKind::object);
    if (value.size() == 0) line += is_object ? "{}" : "[]";
    if (value.size() == 0) return columns_of(line) <= most;
    if (levels == 0 || value.size() > most) return false;
    line += is_object ? "{ " : "[";
    std::size_t end = 0;
    for (const auto& item : items_of(value)) {
      if (end != 0 && blank_line_between(end, item.begin())) return false;
      if (item.key && item.key->text() == "//") return false;  // a comment is to be seen
      if (end != 0) line += ", ";
      if (item.key) line.append(item.key->source()).append(": ");
      if (!append_flat(item.value, line, most, levels - 1)) return false;
      end = item.value.end_offset();
    }
    line += is_object ? " }" : "]";
    return columns_of(line) <= most;
  }

  /// `used`: columns before it on its line; a comma may follow.
  void write_value(const JsonValue& value, std::size_t indent, std::size_t used) {
    if (!is_container(value)) {
      m_out += value.source();
      return;
    }
    std::string line;
    const bool has_room = used + 2 < k_format_columns;
    if (has_room && append_flat(value, line, k_format_columns - used - 1, k_levels_on_a_line))
      m_out += line;
    else if (value.size() == 0)
      m_out += value.is(JsonKind::object) ? "{}" : "[]";
    else
      write_block(value, indent);
  }

  void write_block(const JsonValue& value, std::size_t indent) {
    const bool is_object = value.is(JsonKind::object);
    m_out += is_object ? "{\n" : "[\n";
    std::size_t end = 0;
    for (const auto& item : items_of(value)) {
      if (end != 0) m_out += blank_line_between(end, item.begin()) ? ",\n\n" : ",\n";
      m_out.append(indent + 2, ' ');
      std::size_t used = indent + 2;
      if (item.key) {
        m_out.append(item.key->source()).append(": ");
        used += columns_of(item.key->source()) + 2;
      }
      write_value(item.value, indent + 2, used);
      end = item.value.end_offset();
    }
    m_out += '\n';
    m_out.append(indent, ' ');
    m_out += is_object ? '}' : ']';
  }
};

}  // namespace

std::string format_json(const language::JsonDocument& document) { return Formatter(document).format(document.root()); }

}  // namespace trunkform::cli
