#pragma once
// JSON that remembers where everything stands. A Document owns the file's bytes and is immutable; a JsonValue is a
// handle into it (copied freely, valid as long as its Document). Compact: 20 bytes a node. Thread-safe after parsing.
// Numbers keep their text. Members keep their order.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/diagnostic.hpp"
#include "schemas/model/source_range.hpp"

namespace trunkform::language {

enum class JsonKind : std::uint8_t { null, boolean, number, string, array, object };

std::string_view describe(JsonKind kind);  ///< `an object`, `a string`, for messages

class JsonDocument;
struct JsonMember;

/// Where the bytes of a decoded string stand in the file: escapes make the text shorter than its source. Owns its
/// table; borrows the document.
class JsonStringMap {
 public:
  /// `decoded` counts bytes of the decoded text and may equal its size: the closing quote.
  SourcePosition position(std::size_t decoded) const;

 private:
  friend class JsonValue;
  struct Shift {
    std::size_t decoded;  ///< from this byte of the text on …
    std::size_t source;   ///< … it stands at this byte of the file
  };
  const JsonDocument* m_document = nullptr;
  std::vector<Shift> m_shifts;
};

class JsonValue {
 public:
  JsonKind kind() const;
  bool is(JsonKind wanted) const { return kind() == wanted; }
  SourceRange range() const;
  std::size_t begin_offset() const;
  std::size_t end_offset() const;
  bool boolean() const;             ///< of a boolean
  std::string_view text() const;    ///< of a string, decoded; of anything else as it is written
  std::string_view source() const;  ///< as it is written
  std::size_t size() const;         ///< elements or members
  std::vector<JsonValue> elements() const;
  std::vector<JsonMember> members() const;
  std::optional<JsonValue> find(std::string_view key) const;  ///< linear
  JsonStringMap string_map() const;                           ///< of a string
  const JsonDocument& document() const { return *m_document; }

 private:
  friend class JsonDocument;
  JsonValue(const JsonDocument* document, std::uint32_t index) : m_document(document), m_index(index) {}
  const JsonDocument* m_document;
  std::uint32_t m_index;
};

struct JsonMember {
  JsonValue key;  ///< a string
  JsonValue value;
};

class JsonDocument {
 public:
  /// A node of the tree in the order of the text; a member's key is a string node in front of its value.
  struct Node {
    std::uint32_t begin = 0, end = 0;  ///< bytes of the file
    std::uint32_t next = 0;            ///< the node after this one and all within it
    std::uint32_t size = 0;            ///< elements or members; of a string with escapes 1 + its index in `decoded`
    JsonKind kind = JsonKind::null;
  };

  JsonDocument(std::string file, std::string bytes, std::vector<Node> nodes, std::vector<std::string> decoded);
  JsonDocument(const JsonDocument&) = delete;  // handles point here
  JsonDocument& operator=(const JsonDocument&) = delete;

  const std::string& file() const { return m_file; }
  const std::string& bytes() const { return m_bytes; }
  JsonValue root() const { return {this, 0}; }
  SourcePosition position(std::size_t offset) const;  ///< constant time, also in a file of one long line
  SourceRange range(std::size_t begin, std::size_t end) const { return {m_file, position(begin), position(end)}; }

 private:
  friend class JsonValue;
  std::string m_file;
  std::string m_bytes;
  std::vector<Node> m_nodes;
  std::vector<std::string> m_decoded;
  std::vector<SourcePosition> m_marks;  ///< the position of every k-th byte
};

}  // namespace trunkform::language
