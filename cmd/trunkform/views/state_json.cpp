#include "cmd/trunkform/views/state_json.hpp"

#include "cmd/trunkform/views/certificate_json.hpp"

namespace trunkform::views {
namespace {

using codec::JsonWriter;

void write_locator(JsonWriter& out, const Locator& locator) {
  out.key("source");
  out.begin_object();
  out.member("type", std::string_view(locator.type));
  out.key("arguments");
  out.begin_object();
  for (const auto& [name, value] : locator.arguments) out.member(name, std::string_view(value));
  out.end_object();
  out.end_object();
}

void write_bound(JsonWriter& out, const ChainPtr& chain, const Locator& locator,
                 const std::optional<VersionId>& version, Instant bound_at, const std::string& plan) {
  out.key("certificate");
  write_chain_facts(out, chain.get());
  write_locator(out, locator);
  if (version) out.member("version", std::string_view(version->value));
  out.member("bound_at", bound_at);
  out.member_unless_empty("plan", plan);
}

void write_record(JsonWriter& out, const ResourceRecord& record) {
  out.begin_object();
  out.member("address", std::string_view(to_string(record.address)));
  out.member("type", std::string_view(record.address.type));
  out.member("name", std::string_view(record.address.name));
  if (const auto* number = std::get_if<std::int64_t>(&record.address.key)) out.member("index", *number);
  if (const auto* text = std::get_if<std::string>(&record.address.key)) out.member("index", std::string_view(*text));
  out.member("trunk_id", std::string_view(record.trunk_id.value));
  out.member("trunk_name", std::string_view(record.trunk_name));
  write_bound(out, record.chain, record.locator, record.version, record.bound_at, record.plan);
  if (record.as_read) {
    out.key("as_read");
    out.begin_object();
    out.member("leaf_sha256", record.as_read->leaf);
    out.member("chain_sha256", record.as_read->chain);
    out.end_object();
  }
  if (record.quarantine) {
    out.key("quarantine");
    out.begin_object();
    out.member("chain_sha256", record.quarantine->identity.chain);
    out.member("since", record.quarantine->since);
    out.member("reason", std::string_view(record.quarantine->reason));
    out.end_object();
  }
  if (record.failure) {
    out.key("failure");
    out.begin_object();
    out.member("since", record.failure->since);
    out.member("reason", std::string_view(record.failure->reason));
    out.end_object();
  }
  if (record.look) {
    out.key("look");
    out.begin_object();
    out.member("verdict", to_string(record.look->verdict));
    out.member("at", record.look->at);
    out.member("by", std::string_view(record.look->by));
    out.member("evidence", std::string_view(record.look->evidence));
    out.member("recorded", record.look->recorded);
    out.end_object();
  }
  out.member("prevent_destroy", record.prevent_destroy);
  out.key("history");
  out.begin_array();
  for (const auto& entry : record.history) {
    out.begin_object();
    write_bound(out, entry.chain, entry.locator, entry.version, entry.bound_at, entry.plan);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

void write_issues(JsonWriter& out, const std::map<std::string, IssueRecord>& issues) {
  out.key("issues");
  out.begin_array();
  for (const auto& [address, issue] : issues) {
    out.begin_object();
    out.member("address", std::string_view(address));
    if (issue.last) {
      out.key("certificate");
      write_chain_facts(out, issue.last->chain.get());
      out.member("version", std::string_view(issue.last->version.value));
      out.member("issued_at", issue.last->at);
    }
    if (issue.open) {
      out.member("open_since", issue.open->since);
      out.member_unless_empty("order", issue.open->order);
    }
    out.end_object();
  }
  out.end_array();
}

void write_state_outputs(JsonWriter& out, const std::map<std::string, OutputRecord>& outputs) {
  out.key("outputs");
  out.begin_object();
  for (const auto& [name, output] : outputs) {
    out.key(name);
    out.begin_object();
    out.member("sensitive", output.sensitive);
    out.member("type", std::string_view(output.type));
    if (!output.sensitive) {
      out.key("value");
      out.raw(output.json);
    }
    out.end_object();
  }
  out.end_object();
}

}  // namespace

std::string state_json(const StateDocument* state) {
  static const StateDocument k_empty;
  const auto& document = state != nullptr ? *state : k_empty;
  JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.member("lineage", std::string_view(document.lineage));
  out.member("serial", document.serial);
  out.key("organisation");
  if (document.organisation) {
    out.begin_object();
    out.member("id", std::string_view(document.organisation->id));
    out.member("name", std::string_view(document.organisation->name));
    out.end_object();
  } else {
    out.null();
  }
  out.key("resources");
  out.begin_array();
  for (const auto& [address, record] : document.resources) write_record(out, record);
  out.end_array();
  write_issues(out, document.issues);
  out.key("open_intents");
  out.begin_array();
  for (const auto& [address, sequence] : document.open_intents) out.value(std::string_view(to_string(address)));
  out.end_array();
  write_state_outputs(out, document.outputs);
  out.end_object();
  return out.take();
}

}  // namespace trunkform::views
