#include "schemas/codec/sealed_codec.hpp"

#include <charconv>

#include "schemas/codec/event_codec.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/codec/text_map.hpp"

namespace trunkform {
namespace {

using codec::JsonDocument;
using codec::JsonObject;
using codec::JsonWriter;

/// The first version that reads format 2.
constexpr std::string_view k_needs = "0.1.0";
constexpr std::string_view k_line_begin = R"({"format":2,"sequence":)";
constexpr std::string_view k_text_begin = R"({"format":2,"kind":)";

/// A record of this very format, and no plain one.
void check_sealed_format(JsonDocument& json, JsonObject& root) {
  json.check_format(root, codec::k_sealed_format);
  (void)root.optional("needs");
}

}  // namespace

std::string encode_sealed_line(const SealedLine& line) {
  JsonWriter out;
  out.begin_object();
  out.member("format", codec::k_sealed_format);
  out.member("sequence", line.sequence);
  out.member("needs", k_needs);
  out.member("key", std::string_view(line.key));
  out.member_unless_empty("wrapped", line.wrapped);
  out.member("sealed", std::string_view(line.box));
  out.end_object();
  return out.take();
}

Result<SealedLine> decode_sealed_line(std::string_view line) {
  JsonDocument json("the event", line);
  JsonObject root(json.root());
  check_sealed_format(json, root);
  if (json.failed()) return json.finish().error();
  SealedLine sealed;
  sealed.sequence = root.required("sequence").number();
  sealed.key = root.required("key").text();
  sealed.wrapped = root.text_or_empty("wrapped");
  sealed.box = root.required("sealed").text();
  root.finish();
  TRY(json.finish());
  return sealed;
}

bool is_sealed_line(std::string_view line) { return line.starts_with(k_line_begin); }

std::optional<Sequence> peek_sequence(std::string_view line) {
  if (const auto head = peek_event(line)) return head->sequence;
  if (!is_sealed_line(line)) return std::nullopt;
  line.remove_prefix(k_line_begin.size());
  Sequence sequence = 0;
  if (std::from_chars(line.data(), line.data() + line.size(), sequence).ec != std::errc()) return std::nullopt;
  return sequence;
}

std::string encode_sealed_text(const SealedText& text) {
  JsonWriter out;
  out.begin_object();
  out.member("format", codec::k_sealed_format);
  out.member("kind", std::string_view(text.kind));
  out.member("needs", k_needs);
  out.member("key", std::string_view(text.key));
  out.member("wrapped", std::string_view(text.wrapped));
  out.member("sealed", std::string_view(text.box));
  out.end_object();
  return out.take() + "\n";
}

Result<SealedText> decode_sealed_text(std::string_view text) {
  JsonDocument json("what is encrypted", text);
  JsonObject root(json.root());
  check_sealed_format(json, root);
  if (json.failed()) return json.finish().error();
  SealedText sealed;
  sealed.kind = root.required("kind").text();
  sealed.key = root.required("key").text();
  sealed.wrapped = root.required("wrapped").text();
  sealed.box = root.required("sealed").text();
  root.finish();
  TRY(json.finish());
  return sealed;
}

bool is_sealed_text(std::string_view text) { return text.starts_with(k_text_begin); }

namespace codec {

std::string encode_sealed_state(const StateDocument& document) {
  const auto& sealed = *document.sealed;
  JsonWriter out;
  out.begin_object();
  out.member("format", k_sealed_format);
  out.member("needs", k_needs);
  out.line();
  out.member("lineage", std::string_view(document.lineage));
  out.line();
  out.member("serial", document.serial);
  out.line();
  out.member("key", std::string_view(sealed.key));
  out.line();
  write_texts(out, "keys", sealed.keys);
  if (sealed.clear_through > 0) {
    out.line();
    out.member("clear_through", sealed.clear_through);
  }
  out.line();
  out.member("sealed", std::string_view(sealed.head));
  out.line();
  write_texts(out, "rows", sealed.rows);
  out.end_object();
  return out.take() + "\n";
}

void read_sealed_state(JsonObject& root, const JsonValue& box, StateDocument& document) {
  auto sealed = std::make_shared<SealedDocument>();
  (void)root.optional("needs");
  document.lineage = root.required("lineage").text();
  document.serial = root.required("serial").number();
  sealed->key = root.required("key").text();
  sealed->keys = read_texts(root.required("keys"));
  if (const auto through = root.optional("clear_through")) sealed->clear_through = through->number();
  sealed->head = box.text();
  sealed->rows = read_texts(root.required("rows"));
  document.sealed = std::move(sealed);
}

}  // namespace codec
}  // namespace trunkform
