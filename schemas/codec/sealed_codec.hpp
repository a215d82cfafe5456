#pragma once
// How encrypted records are written: format 2 of docs/formats/encryption.md. Boxes are base64 (sealed_box.hpp); who
// opens and seals them is state/sealing. Pure; thread-safe.
#include <optional>
#include <string>
#include <string_view>

#include "schemas/codec/json_reader.hpp"
#include "schemas/model/event.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/state.hpp"

namespace trunkform {

/// An event as it lies in a log, without its newline.
struct SealedLine {
  Sequence sequence = 0;
  std::string key;      ///< id of the data key
  std::string wrapped;  ///< that key, wrapped; empty: the document has it
  std::string box;
};
std::string encode_sealed_line(const SealedLine& line);
/// Errors: corrupt, unsupported.
Result<SealedLine> decode_sealed_line(std::string_view line);
bool is_sealed_line(std::string_view line);
/// The number of an event, encrypted or not, read from the beginning of its line; none: it does not begin as one does.
std::optional<Sequence> peek_sequence(std::string_view line);

/// Any other text, with its own key.
struct SealedText {
  std::string kind;
  std::string key;
  std::string wrapped;
  std::string box;
};
std::string encode_sealed_text(const SealedText& text);
/// Errors: corrupt, unsupported.
Result<SealedText> decode_sealed_text(std::string_view text);
bool is_sealed_text(std::string_view text);

namespace codec {

inline constexpr int k_sealed_format = 2;

/// `document.sealed` is there.
std::string encode_sealed_state(const StateDocument& document);
void read_sealed_state(JsonObject& root, const JsonValue& box, StateDocument& document);

}  // namespace codec
}  // namespace trunkform
