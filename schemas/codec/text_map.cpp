#include "schemas/codec/text_map.hpp"

namespace trunkform::codec {

void write_texts(JsonWriter& out, std::string_view key, const std::map<std::string, std::string>& texts) {
  out.key(key);
  out.begin_object();
  for (const auto& [name, text] : texts) out.member(name, std::string_view(text));
  out.end_object();
}

std::map<std::string, std::string> read_texts(const JsonValue& value) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, text] : value.members())
    if (!texts.emplace(std::string(name), text.text()).second) value.flaw(std::string(name) + " is there twice");
  return texts;
}

}  // namespace trunkform::codec
