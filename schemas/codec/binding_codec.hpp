#pragma once
// An evaluated binding as JSON: docs/formats/plan.md, "Bindings". Long texts (a carrier's roots) are written once each
// in a table by digest, for ten thousand bindings share them.
#include <map>
#include <string>

#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/binding.hpp"

namespace trunkform::codec {

/// Texts by the hex of their SHA-256, in both directions.
class TextTable {
 public:
  /// The digest under which the text stands. Remembers texts by place, so that a shared one is hashed once.
  const std::string& add(const SharedText& text);
  std::optional<SharedText> find(std::string_view digest) const;
  void write(JsonWriter& out) const;  ///< member `texts` of the object that is open
  void read(const JsonValue& value);

 private:
  std::map<std::string, SharedText, std::less<>> m_texts;
  std::map<const std::string*, std::string> m_digests;
};

void write_binding(JsonWriter& out, const Binding& binding, TextTable& texts);
Binding read_binding(const JsonValue& value, const TextTable& texts);

}  // namespace trunkform::codec
