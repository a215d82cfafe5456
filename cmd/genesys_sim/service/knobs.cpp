#include "cmd/genesys_sim/service/knobs.hpp"

#include <array>
#include <functional>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace trunkform::sim {
namespace knobs_detail {

using Json = nlohmann::json;

/// Thrown inside this file only and turned into an Error by parse_knobs.
struct BadKnob {
  std::string what;
};

template <class Value>
using Words = std::vector<std::pair<std::string_view, Value>>;

const Words<Effect> k_effects{{"too_many_requests", Effect::too_many_requests},
                              {"error", Effect::error},
                              {"conflict", Effect::conflict},
                              {"version_mismatch", Effect::version_mismatch},
                              {"unauthorized", Effect::unauthorized},
                              {"oauth_rate_limit", Effect::oauth_rate_limit},
                              {"reset", Effect::reset},
                              {"silence", Effect::silence},
                              {"torn", Effect::torn},
                              {"slow", Effect::slow},
                              {"html", Effect::html},
                              {"not_json", Effect::not_json},
                              {"wrong_json", Effect::wrong_json},
                              {"cut_json", Effect::cut_json},
                              {"redirect", Effect::redirect},
                              {"repeat_page", Effect::repeat_page},
                              {"edits_only", Effect::edits_only}};
const Words<When> k_when{{"before", When::before}, {"after", When::after}};
const Words<RetryHint> k_hints{{"seconds", RetryHint::seconds}, {"date", RetryHint::date}, {"none", RetryHint::none}};
const Words<Ending> k_endings{{"close", Ending::close}, {"reset", Ending::reset}};
const Words<Edit::Kind> k_edits{{"bind", Edit::Kind::bind},     {"unbind", Edit::Kind::unbind},
                                {"delete", Edit::Kind::remove}, {"recreate", Edit::Kind::recreate},
                                {"rename", Edit::Kind::rename}, {"status", Edit::Kind::status},
                                {"create", Edit::Kind::create}};
const Words<GiveBack> k_give_back{{"as_sent", GiveBack::as_sent},
                                  {"without_root", GiveBack::without_root},
                                  {"leaf_only", GiveBack::leaf_only},
                                  {"reversed", GiveBack::reversed},
                                  {"crlf", GiveBack::crlf}};
const Words<ServeMode> k_modes{{"bound", ServeMode::bound},
                               {"wrong", ServeMode::wrong},
                               {"refuse", ServeMode::refuse},
                               {"silent", ServeMode::silent}};

std::string text_of(const std::string& key, const Json& value) {
  if (!value.is_string()) throw BadKnob{fmt::format("'{}' must be a string", key)};
  return value.get<std::string>();
}

std::uint64_t count_of(const std::string& key, const Json& value) {
  if (!value.is_number_unsigned()) throw BadKnob{fmt::format("'{}' must be a whole number, 0 or more", key)};
  return value.get<std::uint64_t>();
}

bool switch_of(const std::string& key, const Json& value) {
  if (!value.is_boolean()) throw BadKnob{fmt::format("'{}' must be true or false", key)};
  return value.get<bool>();
}

Duration duration_of(const std::string& key, const Json& value) {
  auto text = text_of(key, value);
  const bool negative = text.starts_with("-");
  if (negative) text.erase(0, 1);
  const auto duration = parse_duration(text);
  if (!duration) throw BadKnob{fmt::format("'{}' must be a duration such as \"90s\" or \"250ms\"", key)};
  if (negative && key != "clock_skew") throw BadKnob{fmt::format("'{}' must not be negative", key)};
  return negative ? -*duration : *duration;
}

template <class Value>
Value word_of(const std::string& key, const Json& value, const Words<Value>& words) {
  const auto text = text_of(key, value);
  std::string known;
  for (const auto& [word, meaning] : words) {
    if (word == text) return meaning;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", word);
  }
  throw BadKnob{fmt::format("'{}' is one of {}; not '{}'", key, known, text)};
}

int status_of(const std::string& key, const Json& value) {
  const auto status = count_of(key, value);
  if (status < 200 || status > 599) throw BadKnob{fmt::format("'{}' must be a status from 200 to 599", key)};
  return static_cast<int>(status);
}

using Setters = std::map<std::string, std::function<void(const std::string&, const Json&)>, std::less<>>;

void set_all(const std::string& where, const Json& object, const Setters& setters) {
  if (!object.is_object()) throw BadKnob{fmt::format("{} must be an object", where)};
  for (const auto& [key, value] : object.items()) {
    const auto setter = setters.find(key);
    if (setter == setters.end()) throw BadKnob{fmt::format("unknown key '{}' in {}", key, where)};
    setter->second(key, value);
  }
}

template <class Item>
std::vector<Item> each(const std::string& key, const Json& value, const std::function<Item(const Json&)>& read) {
  if (!value.is_array()) throw BadKnob{fmt::format("'{}' must be an array", key)};
  std::vector<Item> items;
  for (const auto& item : value) items.push_back(read(item));
  return items;
}

Edit read_edit(const Json& json) {
  Edit edit;
  bool has_kind = false;
  set_all("an edit", json,
          {{"do",
            [&](auto& k, auto& v) {
              edit.kind = word_of(k, v, k_edits);
              has_kind = true;
            }},
           {"trunk", [&](auto& k, auto& v) { edit.trunk = text_of(k, v); }},
           {"name", [&](auto& k, auto& v) { edit.text = text_of(k, v); }},
           {"status", [&](auto& k, auto& v) { edit.text = text_of(k, v); }},
           {"certificate", [&](auto& k, auto& v) { edit.certificate = text_of(k, v); }},
           {"private_key", [&](auto& k, auto& v) { edit.private_key = text_of(k, v); }}});
  if (!has_kind) throw BadKnob{"an edit needs 'do'"};
  if (edit.trunk.empty() && edit.kind != Edit::Kind::create) throw BadKnob{"an edit needs 'trunk'"};
  return edit;
}

Fault read_fault(const Json& json, Instant now) {
  Fault fault;
  bool has_effect = false;
  set_all("a fault", json,
          {{"effect",
            [&](auto& k, auto& v) {
              fault.effect = word_of(k, v, k_effects);
              has_effect = true;
            }},
           {"when", [&](auto& k, auto& v) { fault.when = word_of(k, v, k_when); }},
           {"operation",
            [&](auto& k, auto& v) {
              fault.operation = parse_operation(text_of(k, v));
              if (!fault.operation)
                throw BadKnob{"'operation' is one of token, organisation, products, list, get, patch, unknown"};
            }},
           {"method", [&](auto& k, auto& v) { fault.method = text_of(k, v); }},
           {"trunk", [&](auto& k, auto& v) { fault.trunk = text_of(k, v); }},
           {"skip", [&](auto& k, auto& v) { fault.skip = count_of(k, v); }},
           {"every", [&](auto& k, auto& v) { fault.every = count_of(k, v); }},
           {"times", [&](auto& k, auto& v) { fault.times = count_of(k, v); }},
           {"for", [&](auto& k, auto& v) { fault.until = now + duration_of(k, v); }},
           {"until",
            [&](auto& k, auto& v) {
              fault.until = parse_rfc3339(text_of(k, v));
              if (!fault.until) throw BadKnob{"'until' must be a time such as \"2026-11-24T23:00:00Z\""};
            }},
           {"status", [&](auto& k, auto& v) { fault.status = status_of(k, v); }},
           {"retry_after", [&](auto& k, auto& v) { fault.retry_after = duration_of(k, v); }},
           {"hint", [&](auto& k, auto& v) { fault.hint = word_of(k, v, k_hints); }},
           {"ending", [&](auto& k, auto& v) { fault.ending = word_of(k, v, k_endings); }},
           {"bytes", [&](auto& k, auto& v) { fault.bytes = count_of(k, v); }},
           {"first_byte", [&](auto& k, auto& v) { fault.first_byte = duration_of(k, v); }},
           {"chunk", [&](auto& k, auto& v) { fault.chunk = count_of(k, v); }},
           {"pause", [&](auto& k, auto& v) { fault.pause = duration_of(k, v); }},
           {"location", [&](auto& k, auto& v) { fault.location = text_of(k, v); }},
           {"edits", [&](auto& k, auto& v) { fault.edits = each<Edit>(k, v, read_edit); }}});
  if (!has_effect) throw BadKnob{"a fault needs 'effect'"};
  return fault;
}

ServeOrder read_serve(const Json& json) {
  ServeOrder order;
  set_all("an entry of 'sip'", json,
          {{"trunk", [&](auto& k, auto& v) { order.trunk = text_of(k, v); }},
           {"serve", [&](auto& k, auto& v) { order.mode = word_of(k, v, k_modes); }},
           {"delay", [&](auto& k, auto& v) { order.delay = duration_of(k, v); }},
           {"certificate", [&](auto& k, auto& v) { order.certificate = text_of(k, v); }},
           {"private_key", [&](auto& k, auto& v) { order.private_key = text_of(k, v); }}});
  return order;
}

void read_organisation(KnobChange& change, const Json& json) {
  set_all("'organisation'", json,
          {{"id", [&](auto& k, auto& v) { change.organisation_id = text_of(k, v); }},
           {"name", [&](auto& k, auto& v) { change.organisation_name = text_of(k, v); }},
           {"status", [&](auto& k, auto& v) { change.organisation_status = status_of(k, v); }}});
}

KnobChange read_change(const Json& json, Instant now) {
  KnobChange change;
  const auto show = [](bool yes) { return yes ? ShowCertificate::yes : ShowCertificate::no; };
  set_all("the document", json,
          {{"clear_faults", [&](auto& k, auto& v) { change.clear_faults = switch_of(k, v); }},
           {"expire_tokens", [&](auto& k, auto& v) { change.expire_tokens = switch_of(k, v); }},
           {"requests_per_minute", [&](auto& k, auto& v) { change.requests_per_minute = count_of(k, v); }},
           {"limit_headers", [&](auto& k, auto& v) { change.limit_headers = switch_of(k, v); }},
           {"token_lifetime", [&](auto& k, auto& v) { change.token_lifetime = duration_of(k, v); }},
           {"read_lag", [&](auto& k, auto& v) { change.read_lag = duration_of(k, v); }},
           {"clock_skew", [&](auto& k, auto& v) { change.clock_skew = duration_of(k, v); }},
           {"serve_delay", [&](auto& k, auto& v) { change.serve_delay = duration_of(k, v); }},
           {"close_sessions", [&](auto& k, auto& v) { change.close_sessions = switch_of(k, v); }},
           {"show_certificate", [&](auto& k, auto& v) { change.show_certificate = show(switch_of(k, v)); }},
           {"give_back", [&](auto& k, auto& v) { change.give_back = word_of(k, v, k_give_back); }},
           {"organisation", [&](auto&, auto& v) { read_organisation(change, v); }},
           {"edits", [&](auto& k, auto& v) { change.edits = each<Edit>(k, v, read_edit); }},
           {"sip", [&](auto& k, auto& v) { change.serve = each<ServeOrder>(k, v, read_serve); }},
           {"faults", [&](auto& k, auto& v) {
              change.faults = each<Fault>(k, v, [now](const Json& fault) { return read_fault(fault, now); });
            }}});
  return change;
}

}  // namespace knobs_detail

Result<KnobChange> parse_knobs(std::string_view json, Instant now) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (document.is_discarded()) return Error(ErrorCode::invalid_input, "the knobs are not JSON");
  try {
    return knobs_detail::read_change(document, now);
  } catch (const knobs_detail::BadKnob& bad) {
    return Error(ErrorCode::invalid_input, bad.what);
  }
}

void apply_settings(Knobs& knobs, const KnobChange& change) {
  const auto set = [](auto& target, const auto& value) {
    if (value) target = *value;
  };
  set(knobs.requests_per_minute, change.requests_per_minute);
  set(knobs.limit_headers, change.limit_headers);
  set(knobs.token_lifetime, change.token_lifetime);
  set(knobs.read_lag, change.read_lag);
  set(knobs.clock_skew, change.clock_skew);
  set(knobs.serve_delay, change.serve_delay);
  set(knobs.close_sessions, change.close_sessions);
  set(knobs.render.show, change.show_certificate);
  set(knobs.render.give_back, change.give_back);
  set(knobs.organisation.id, change.organisation_id);
  set(knobs.organisation.name, change.organisation_name);
  set(knobs.organisation.status, change.organisation_status);
}

std::string_view to_string(Effect effect) {
  for (const auto& [word, meaning] : knobs_detail::k_effects)
    if (meaning == effect) return word;
  return "unknown";
}

std::string_view to_string(ServeMode mode) {
  for (const auto& [word, meaning] : knobs_detail::k_modes)
    if (meaning == mode) return word;
  return "unknown";
}

}  // namespace trunkform::sim
