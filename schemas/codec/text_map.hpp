#pragma once
// Texts by their names, as one JSON object: variables, digests of files, arguments. Stateless.
#include <map>
#include <string>
#include <string_view>

#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::codec {

void write_texts(JsonWriter& out, std::string_view key, const std::map<std::string, std::string>& texts);
/// A name that is there twice is a flaw of the document.
std::map<std::string, std::string> read_texts(const JsonValue& value);

}  // namespace trunkform::codec
