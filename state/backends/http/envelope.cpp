#include "state/backends/http/envelope.hpp"

#include <algorithm>

#include "schemas/codec/digest.hpp"
#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::state::http {
namespace {

constexpr int k_format = 1;

using codec::JsonWriter;

void write_texts(JsonWriter& out, std::string_view name, const std::vector<std::string>& texts) {
  out.line();
  out.key(name);
  out.begin_array();
  for (const auto& text : texts) {
    out.line();
    out.value(std::string_view(text));
  }
  out.end_array();
}

/// All but what stands in clear for the server, so that its serial can be raised by hand where an earlier document is
/// put back.
void write_content(JsonWriter& out, const Envelope& envelope) {
  out.line();
  out.member("write", std::string_view(envelope.write));
  if (!envelope.workspaces.empty()) write_texts(out, "workspaces", envelope.workspaces);
  if (envelope.alerts) {
    out.line();
    out.member("alerts", std::string_view(*envelope.alerts));
  }
  if (envelope.state) {
    out.line();
    out.member("state", std::string_view(*envelope.state));
  }
  out.line();
  out.member("first_event", envelope.first_event);
  write_texts(out, "events", envelope.events);
}

Fingerprint digest_of(const Envelope& envelope) {
  JsonWriter out;
  out.begin_object();
  out.member("lineage", std::string_view(envelope.lineage));
  write_content(out, envelope);
  out.end_object();
  return sha256(out.take());
}

std::vector<std::string> texts_of(const std::optional<codec::JsonValue>& value) {
  std::vector<std::string> texts;
  if (value)
    for (const auto& item : value->items()) texts.push_back(item.text());
  return texts;
}

bool has_member(const codec::JsonValue& object, std::string_view name) {
  const auto members = object.members();
  return std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.first == name; });
}

Error mendable(Error error) {
  return std::move(error)
      .hint(
          "nothing was written over it. Where the server keeps earlier documents, put one back with its serial "
          "raised: docs/formats/http.md")
      .hint("the trunks themselves are as they are: trunkform drift");
}

}  // namespace

std::string encode_envelope(const Envelope& envelope) {
  JsonWriter out;
  out.begin_object();
  out.member("format", k_format);
  out.line();
  out.member("serial", envelope.serial);
  out.line();
  out.member("lineage", std::string_view(envelope.lineage));
  out.line();
  out.member("sha256", digest_of(envelope));
  write_content(out, envelope);
  out.end_object();
  return out.take() + "\n";
}

Result<Envelope> decode_envelope(std::string_view bytes) {
  codec::JsonDocument json("the state's document", bytes);
  if (!json.failed() && !has_member(json.root(), "format"))
    return Error(ErrorCode::unsupported, "what is at the state's address is no document of trunkform",
                 has_member(json.root(), "terraform_version") ? "Terraform has its own state there" : "")
        .hint("give trunkform an address of its own: address of backend.http");
  codec::JsonObject root(json.root());
  json.check_format(root, k_format);
  Envelope envelope;
  envelope.serial = root.required("serial").number();
  envelope.lineage = root.required("lineage").text();
  const auto digest = root.required("sha256").fingerprint();
  envelope.write = root.required("write").text();
  envelope.workspaces = texts_of(root.optional("workspaces"));
  if (const auto alerts = root.optional("alerts")) envelope.alerts = alerts->text();
  if (const auto state = root.optional("state")) envelope.state = state->text();
  envelope.first_event = root.required("first_event").number();
  envelope.events = texts_of(root.required("events"));
  root.finish();
  if (auto read = json.finish(); !read)
    return read.error().code == ErrorCode::corrupt ? mendable(std::move(read.error())) : std::move(read.error());
  if (envelope.write.empty() || envelope.first_event == 0 || digest != digest_of(envelope))
    return mendable(
        Error(ErrorCode::corrupt, "the state's document is damaged",
              "it was changed by something that is not trunkform: its content is not what its sha256 says"));
  return envelope;
}

}  // namespace trunkform::state::http
