#include "schemas/codec/json_reader.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include <simdjson.h>

#include "schemas/codec/json_syntax.hpp"

namespace trunkform::codec {

using Element = simdjson::dom::element;

struct JsonValueAccess {
  static_assert(sizeof(Element) == sizeof(JsonValue::m_handle));
  static Element element(const JsonValue& value) { return std::bit_cast<Element>(value.m_handle); }
  static JsonValue make(Element element, JsonDocument* document) {
    JsonValue value;
    value.m_handle = std::bit_cast<std::array<std::uint64_t, 2>>(element);
    value.m_document = document;
    value.m_present = true;
    return value;
  }
};

struct JsonDocument::Parsed {
  simdjson::dom::parser parser;
  Element root;
};

namespace {

bool is_same(Element left, Element right) {
  using Handle = std::array<std::uint64_t, 2>;
  return std::bit_cast<Handle>(left) == std::bit_cast<Handle>(right);
}

/// Finds `wanted` again from the top: only a flaw pays for its path.
bool find_path(Element from, Element wanted, std::string& path) {
  if (is_same(from, wanted)) return true;
  const std::size_t length = path.size();
  if (from.is_object()) {
    for (const auto field : simdjson::dom::object(from.get_object())) {
      path += (path.empty() ? "" : ".") + std::string(field.key);
      if (find_path(field.value, wanted, path)) return true;
      path.resize(length);
    }
  } else if (from.is_array()) {
    std::size_t index = 0;
    for (const Element item : simdjson::dom::array(from.get_array())) {
      path += "[" + std::to_string(index++) + "]";
      if (find_path(item, wanted, path)) return true;
      path.resize(length);
    }
  }
  return false;
}

/// The value of type T, or a flaw that says what was expected.
template <class T>
T get_or_flaw(const JsonValue& value, bool present, std::string_view expected) {
  T result{};
  if (!present) return result;
  if (JsonValueAccess::element(value).get(result) != simdjson::SUCCESS) {
    value.flaw("expected " + std::string(expected));
    return T{};
  }
  return result;
}

}  // namespace

std::string_view JsonValue::view() const { return get_or_flaw<std::string_view>(*this, m_present, "text"); }
std::uint64_t JsonValue::number() const {
  return get_or_flaw<std::uint64_t>(*this, m_present, "a whole number that is not negative");
}
bool JsonValue::flag() const { return get_or_flaw<bool>(*this, m_present, "true or false"); }

int JsonValue::small_number() const {
  const auto wide = get_or_flaw<std::int64_t>(*this, m_present, "a whole number");
  if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) {
    flaw("this number is out of range");
    return 0;
  }
  return static_cast<int>(wide);
}

Instant JsonValue::instant() const {
  if (!m_present) return {};
  const auto parsed = parse_rfc3339(view());
  if (!parsed) flaw("expected a time like 2026-11-24T23:07:34Z");
  return parsed.value_or(Instant{});
}

Fingerprint JsonValue::fingerprint() const {
  if (!m_present) return {};
  const auto parsed = parse_fingerprint(view());
  if (!parsed) flaw("expected a SHA-256 fingerprint, 64 hexadecimal digits");
  return parsed.value_or(Fingerprint{});
}

std::vector<JsonValue> JsonValue::items() const {
  std::vector<JsonValue> found;
  if (!m_present) return found;
  const auto array = JsonValueAccess::element(*this).get_array();
  if (array.error()) {
    flaw("expected a list");
    return found;
  }
  for (const Element item : simdjson::dom::array(array.value_unsafe())) {
    found.push_back(JsonValueAccess::make(item, m_document));
  }
  return found;
}

std::vector<std::pair<std::string_view, JsonValue>> JsonValue::members() const {
  std::vector<std::pair<std::string_view, JsonValue>> found;
  if (!m_present) return found;
  const auto object = JsonValueAccess::element(*this).get_object();
  if (object.error()) {
    flaw("expected an object");
    return found;
  }
  for (const auto field : simdjson::dom::object(object.value_unsafe())) {
    found.emplace_back(field.key, JsonValueAccess::make(field.value, m_document));
  }
  return found;
}

void JsonValue::flaw(std::string what) const { m_document->flaw(*this, std::move(what)); }
bool JsonValue::failed() const { return m_document->failed(); }

JsonObject::JsonObject(const JsonValue& value)
    : m_value(value), m_members(value.members()), m_read(m_members.size(), false) {}

std::optional<JsonValue> JsonObject::optional(std::string_view key) {
  // Documents are read in the order in which they are written, so the next member is nearly always the right one.
  for (std::size_t step = 0; step < m_members.size(); ++step) {
    const std::size_t index = (m_next + step) % m_members.size();
    if (m_read[index] || m_members[index].first != key) continue;
    m_read[index] = true;
    m_next = index + 1;
    return m_members[index].second;
  }
  return std::nullopt;
}

JsonValue JsonObject::required(std::string_view key) {
  if (auto found = optional(key)) return *found;
  m_value.flaw("`" + std::string(key) + "` is missing");
  JsonValue absent = m_value;
  absent.m_present = false;
  return absent;
}

std::string JsonObject::text_or_empty(std::string_view key) {
  const auto found = optional(key);
  return found ? found->text() : std::string();
}

bool JsonObject::flag_or_false(std::string_view key) {
  const auto found = optional(key);
  return found && found->flag();
}

void JsonObject::finish() const {
  for (std::size_t index = 0; index < m_members.size(); ++index) {
    if (!m_read[index])
      m_value.flaw("`" + std::string(m_members[index].first) + "` is unknown here, or is there twice");
  }
}

JsonDocument::JsonDocument(std::string name, std::string_view bytes)
    : m_name(std::move(name)), m_parsed(std::make_unique<Parsed>()) {
  const auto root = m_parsed->parser.parse(bytes.data(), bytes.size());
  if (root.error()) {
    m_flaw = Error(ErrorCode::corrupt, m_name + " is damaged", describe_syntax_error(bytes));
    return;
  }
  m_parsed->root = root.value_unsafe();
}

JsonDocument::~JsonDocument() = default;

JsonValue JsonDocument::root() {
  if (!m_flaw) return JsonValueAccess::make(m_parsed->root, this);
  JsonValue absent;
  absent.m_document = this;
  return absent;
}

void JsonDocument::flaw(const JsonValue& value, std::string what) {
  if (m_flaw) return;
  std::string path;
  find_path(m_parsed->root, JsonValueAccess::element(value), path);
  m_flaw = Error(ErrorCode::corrupt, m_name + " is damaged", (path.empty() ? "" : "at `" + path + "`: ") + what);
}

void JsonDocument::check_format(JsonObject& root, int supported) {
  const auto format = root.required("format").number();
  if (m_flaw) return;
  if (format == 0) return root.m_value.flaw("`format` counts from 1");
  if (format <= static_cast<std::uint64_t>(supported)) return;
  // Formats after the first name the version that they need, so that this sentence can.
  const auto needs = root.optional("needs");
  const std::string version = needs ? needs->text() : std::string();
  m_flaw = Error(ErrorCode::unsupported, m_name + " has format " + std::to_string(format),
                 "this trunkform reads formats up to " + std::to_string(supported))
               .hint(version.empty() ? "use the newer trunkform that wrote it (`trunkform version` tells)"
                                     : "use trunkform " + version + " or newer");
}

Result<> JsonDocument::finish() const {
  if (m_flaw) return *m_flaw;
  return {};
}

}  // namespace trunkform::codec
