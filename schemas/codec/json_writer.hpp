#pragma once
// Canonical JSON, written front to back: members in the order of the calls, no spaces, no trailing commas; text that is
// not UTF-8 is written with U+FFFD. One owner; not thread-safe.
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "schemas/model/identity.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::codec {

class JsonWriter {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  /// Puts what follows on a line of its own, so that a document can be read and compared line by line.
  void line() { m_break = true; }
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool flag) { literal(flag ? "true" : "false"); }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  void value(T number) {
    literal(std::to_string(number));
  }
  void value(Instant instant) { value(std::string_view(to_rfc3339(instant))); }
  void value(const Fingerprint& fingerprint) { value(std::string_view(to_hex(fingerprint))); }
  void null() { literal("null"); }
  /// Text that is JSON already, as it stands.
  void raw(std::string_view json) { literal(json); }

  template <class T>
  void member(std::string_view name, const T& what) {
    key(name);
    value(what);
  }
  /// Leaves out what has its default: empty text, false.
  void member_unless_empty(std::string_view name, std::string_view text) {
    if (!text.empty()) member(name, text);
  }
  void member_if(std::string_view name, bool flag) {
    if (flag) member(name, true);
  }

  std::string take() { return std::move(m_out); }

 private:
  void open(char bracket);
  void close(char bracket);
  void literal(std::string_view text);
  void separate();

  std::string m_out;
  bool m_comma = false;
  bool m_break = false;
};

}  // namespace trunkform::codec
