#pragma once
// Reading JSON of our own formats strictly and fast (simdjson). The first thing that is wrong is remembered with its
// path, and reading goes on with defaults; so decoders have no error branches, and `JsonDocument::finish` is asked
// once. Values borrow from their document. Not thread-safe.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/model/identity.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::codec {

class JsonDocument;

class JsonValue {
 public:
  std::string text() const { return std::string(view()); }
  std::string_view view() const;  ///< borrowed from the document
  std::uint64_t number() const;   ///< not negative
  int small_number() const;       ///< fits an int
  bool flag() const;
  Instant instant() const;
  Fingerprint fingerprint() const;
  std::vector<JsonValue> items() const;
  std::vector<std::pair<std::string_view, JsonValue>> members() const;
  /// Remembers that this value is wrong, unless something already is.
  void flaw(std::string what) const;
  /// Whether anything of the document was found wrong.
  bool failed() const;

 private:
  friend class JsonDocument;
  friend class JsonObject;
  friend struct JsonValueAccess;
  /// The library's own handle, kept as bytes so that its header stays out of ours.
  std::array<std::uint64_t, 2> m_handle{};
  JsonDocument* m_document = nullptr;
  bool m_present = false;
};

/// An object whose members are known by name. What was never asked for is a flaw: unknown or repeated.
class JsonObject {
 public:
  explicit JsonObject(const JsonValue& value);
  JsonValue required(std::string_view key);
  std::optional<JsonValue> optional(std::string_view key);
  std::string text_or_empty(std::string_view key);
  bool flag_or_false(std::string_view key);
  /// To be called once, when all members were asked for.
  void finish() const;

 private:
  friend class JsonDocument;
  JsonValue m_value;
  std::vector<std::pair<std::string_view, JsonValue>> m_members;
  std::vector<bool> m_read;
  std::size_t m_next = 0;
};

class JsonDocument {
 public:
  /// `name`: what it is, for messages (`the state document`). A syntax error is remembered with line and column.
  JsonDocument(std::string name, std::string_view bytes);
  ~JsonDocument();
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  JsonValue root();
  bool failed() const { return m_flaw.has_value(); }
  /// Refuses a format above `supported` with ErrorCode::unsupported, naming the version that is needed.
  void check_format(JsonObject& root, int supported);
  /// The first flaw as ErrorCode::corrupt (or unsupported), or success.
  Result<> finish() const;

 private:
  friend class JsonValue;
  friend class JsonObject;
  struct Parsed;
  void flaw(const JsonValue& value, std::string what);

  std::string m_name;
  std::unique_ptr<Parsed> m_parsed;
  std::optional<Error> m_flaw;
};

}  // namespace trunkform::codec
