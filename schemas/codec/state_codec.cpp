#include "schemas/codec/state_codec.hpp"

#include "schemas/codec/issue_codec.hpp"
#include "schemas/codec/record_codec.hpp"
#include "schemas/codec/sealed_codec.hpp"

namespace trunkform {
namespace {

using codec::JsonDocument;
using codec::JsonObject;
using codec::JsonValue;
using codec::JsonWriter;

void write_state_head(JsonWriter& out, const StateDocument& document) {
  out.member("format", StateDocument::k_format);
  out.line();
  out.member("lineage", std::string_view(document.lineage));
  out.line();
  out.member("serial", document.serial);
  out.line();
  out.member("folded_through", document.folded_through);
  if (document.organisation) {
    out.line();
    out.key("organisation");
    out.begin_object();
    out.member("id", std::string_view(document.organisation->id));
    out.member("name", std::string_view(document.organisation->name));
    out.member("by_api", document.organisation->by_api);
    out.end_object();
  }
  if (document.open_intents.empty()) return;
  out.line();
  out.key("open_intents");
  out.begin_object();
  for (const auto& [address, sequence] : document.open_intents) out.member(to_string(address), sequence);
  out.end_object();
}

void write_issues(JsonWriter& out, const StateDocument& document) {
  if (document.issues.empty()) return;
  out.line();
  out.key("issues");
  out.begin_array();
  for (const auto& [address, issue] : document.issues) {
    out.line();
    codec::write_issue(out, issue);
  }
  out.end_array();
}

void write_revoked(JsonWriter& out, const StateDocument& document) {
  if (document.revoked.empty()) return;
  out.line();
  out.key("revoked");
  out.begin_array();
  for (const auto& leaf : document.revoked) out.value(leaf);
  out.end_array();
}

void write_replacements(JsonWriter& out, const StateDocument& document) {
  if (document.replacements.empty()) return;
  out.line();
  out.key("replacements");
  out.begin_object();
  for (const auto& [address, replacement] : document.replacements) {
    out.key(to_string(address));
    out.begin_object();
    out.member("asked", replacement.asked);
    if (replacement.instead_of) out.member("instead_of", *replacement.instead_of);
    out.end_object();
  }
  out.end_object();
}

void read_replacements(const JsonValue& value, StateDocument& document) {
  for (const auto& [key, item] : value.members()) {
    auto address = parse_address(key);
    if (!address) return item.flaw("its key is not an address");
    JsonObject object(item);
    Replacement replacement;
    replacement.asked = object.required("asked").instant();
    if (const auto leaf = object.optional("instead_of")) replacement.instead_of = leaf->fingerprint();
    object.finish();
    if (!document.replacements.emplace(std::move(*address), replacement).second)
      item.flaw("this address is there twice");
  }
}

void read_issues(const JsonValue& value, const codec::ChainIndex& chains, StateDocument& document) {
  for (const auto& item : value.items()) {
    auto issue = codec::read_issue(item, chains);
    const auto address = issue.address;
    if (!document.issues.emplace(address, std::move(issue)).second) item.flaw("this address is there twice");
  }
}

void write_state_outputs(JsonWriter& out, const StateDocument& document) {
  out.line();
  out.key("outputs");
  out.begin_object();
  for (const auto& [name, output] : document.outputs) {
    out.line();
    out.key(name);
    out.begin_object();
    out.member_unless_empty("json", output.json);
    out.member("type", std::string_view(output.type));
    out.member_if("sensitive", output.sensitive);
    out.end_object();
  }
  out.end_object();
}

Organisation read_organisation(const JsonValue& value) {
  JsonObject object(value);
  Organisation organisation;
  organisation.id = object.required("id").text();
  organisation.name = object.required("name").text();
  organisation.by_api = object.required("by_api").flag();
  object.finish();
  return organisation;
}

void read_open_intents(const JsonValue& value, StateDocument& document) {
  for (const auto& [key, sequence] : value.members()) {
    auto address = parse_address(key);
    if (!address) return sequence.flaw("its key is not an address");
    if (!document.open_intents.emplace(std::move(*address), sequence.number()).second) {
      sequence.flaw("this address is there twice");
    }
  }
}

void read_resources(const JsonValue& value, const codec::ChainIndex& chains, StateDocument& document) {
  for (const auto& item : value.items()) {
    auto record = codec::read_record(item, chains);
    if (item.failed()) return;
    auto address = record.address;
    // Written in order, so the right place is always the end.
    const auto before = document.resources.size();
    document.resources.emplace_hint(document.resources.end(), std::move(address), std::move(record));
    if (document.resources.size() == before) item.flaw("this address is there twice");
  }
}

void read_outputs(const JsonValue& value, StateDocument& document) {
  for (const auto& [name, item] : value.members()) {
    JsonObject object(item);
    OutputRecord output;
    output.json = object.text_or_empty("json");
    output.type = object.required("type").text();
    output.sensitive = object.flag_or_false("sensitive");
    object.finish();
    if (!document.outputs.emplace(name, std::move(output)).second) item.flaw("this output is there twice");
  }
}

}  // namespace

std::string encode_state(const StateDocument& document) {
  if (document.sealed) return codec::encode_sealed_state(document);
  JsonWriter out;
  out.begin_object();
  write_state_head(out, document);
  codec::ChainTable chains;
  for (const auto& [address, record] : document.resources) chains.add(record);
  for (const auto& [address, issue] : document.issues) chains.add(issue);
  chains.write(out);
  write_issues(out, document);
  write_revoked(out, document);
  write_replacements(out, document);
  out.line();
  out.key("resources");
  out.begin_array();
  for (const auto& [address, record] : document.resources) {
    out.line();
    codec::write_record(out, record);
  }
  out.end_array();
  write_state_outputs(out, document);
  out.end_object();
  return out.take() + "\n";
}

Result<StateDocument> decode_state(std::string_view bytes) {
  JsonDocument json("the state document", bytes);
  JsonObject root(json.root());
  const auto box = root.optional("sealed");
  json.check_format(root, box ? codec::k_sealed_format : StateDocument::k_format);
  if (json.failed()) return json.finish().error();
  StateDocument document;
  if (box) {
    codec::read_sealed_state(root, *box, document);
    root.finish();
    TRY(json.finish());
    return document;
  }
  document.lineage = root.required("lineage").text();
  document.serial = root.required("serial").number();
  document.folded_through = root.required("folded_through").number();
  if (const auto found = root.optional("organisation")) document.organisation = read_organisation(*found);
  if (const auto found = root.optional("open_intents")) read_open_intents(*found, document);
  const codec::ChainIndex chains(root);
  if (const auto found = root.optional("issues")) read_issues(*found, chains, document);
  if (const auto found = root.optional("revoked"))
    for (const auto& leaf : found->items()) document.revoked.insert(leaf.fingerprint());
  if (const auto found = root.optional("replacements")) read_replacements(*found, document);
  read_resources(root.required("resources"), chains, document);
  read_outputs(root.required("outputs"), document);
  root.finish();
  TRY(json.finish());
  return document;
}

}  // namespace trunkform
