#include "schemas/codec/binding_codec.hpp"

#include <charconv>

#include <fmt/format.h>

#include "schemas/codec/digest.hpp"
#include "schemas/codec/enum_codec.hpp"
#include "schemas/codec/record_codec.hpp"

namespace trunkform::codec {
namespace {

void write_list(JsonWriter& out, std::string_view key, const std::vector<std::string>& values) {
  if (values.empty()) return;
  out.key(key);
  out.begin_array();
  for (const auto& value : values) out.value(std::string_view(value));
  out.end_array();
}

std::vector<std::string> read_list(JsonObject& object, std::string_view key) {
  std::vector<std::string> values;
  if (const auto found = object.optional(key))
    for (const auto& item : found->items()) values.push_back(item.text());
  return values;
}

void write_duration(JsonWriter& out, std::string_view key, Duration duration) { out.member(key, duration.count()); }
Duration read_duration(JsonObject& object, std::string_view key) {
  return Duration(static_cast<Duration::rep>(object.required(key).number()));
}

void write_carrier(JsonWriter& out, const CarrierPolicy& carrier, TextTable& texts) {
  out.key("carrier");
  out.begin_object();
  out.member_unless_empty("label", carrier.label);
  if (carrier.trust_store) out.member("trust_store", std::string_view(texts.add(*carrier.trust_store)));
  out.member("root", to_string(carrier.root));
  out.member_if("mutual_tls", carrier.mutual_tls);
  out.member("identity_rules", to_string(carrier.identity_rules));
  out.member_if("allow_wildcard", carrier.allow_wildcard);
  out.member("min_rsa", carrier.min_rsa_bits);
  write_list(out, "key_types", carrier.key_types);
  write_list(out, "issuers", carrier.issuers);
  out.member("max_parallel", carrier.max_parallel);
  out.end_object();
}

CarrierPolicy read_carrier(const JsonValue& value, const TextTable& texts) {
  JsonObject object(value);
  CarrierPolicy carrier;
  carrier.label = object.text_or_empty("label");
  if (const auto digest = object.optional("trust_store")) {
    carrier.trust_store = texts.find(digest->view());
    if (!carrier.trust_store) digest->flaw("its text is missing from the table");
  }
  carrier.root = read_enum(object.required("root"), {RootHandling::omit, RootHandling::include});
  carrier.mutual_tls = object.flag_or_false("mutual_tls");
  carrier.identity_rules =
      read_enum(object.required("identity_rules"), {IdentityRules::rfc5922, IdentityRules::rfc6125});
  carrier.allow_wildcard = object.flag_or_false("allow_wildcard");
  carrier.min_rsa_bits = object.required("min_rsa").small_number();
  carrier.key_types = read_list(object, "key_types");
  carrier.issuers = read_list(object, "issuers");
  carrier.max_parallel = object.required("max_parallel").small_number();
  object.finish();
  return carrier;
}

void write_rollout(JsonWriter& out, const RolloutPolicy& rollout) {
  out.key("rollout");
  out.begin_object();
  out.member_unless_empty("label", rollout.label);
  out.member("canary", rollout.canary);
  out.member("wave_size", rollout.wave_size);
  write_duration(out, "stagger", rollout.stagger);
  write_duration(out, "soak", rollout.soak);
  out.member("on_failure", to_string(rollout.on_failure));
  out.member("max_failures", rollout.max_failures);
  out.member("unreachable", to_string(rollout.unreachable));
  out.end_object();
}

RolloutPolicy read_rollout(const JsonValue& value) {
  JsonObject object(value);
  RolloutPolicy rollout;
  rollout.label = object.text_or_empty("label");
  rollout.canary = object.required("canary").small_number();
  rollout.wave_size = object.required("wave_size").small_number();
  rollout.stagger = read_duration(object, "stagger");
  rollout.soak = read_duration(object, "soak");
  rollout.on_failure =
      read_enum(object.required("on_failure"), {OnFailure::rollback, OnFailure::stop, OnFailure::proceed});
  rollout.max_failures = object.required("max_failures").small_number();
  rollout.unreachable = read_enum(object.required("unreachable"), {Unreachable::stop, Unreachable::accept});
  object.finish();
  return rollout;
}

void write_window(JsonWriter& out, const Window& window) {
  out.begin_object();
  if (!window.days.empty()) {
    out.key("days");
    out.begin_array();
    for (const int day : window.days) out.value(day);
    out.end_array();
  }
  out.member("start_minutes", window.start.count());
  write_duration(out, "length", window.length);
  out.member("timezone", std::string_view(window.timezone));
  write_list(out, "except", window.except);
  out.end_object();
}

Window read_window(const JsonValue& value) {
  JsonObject object(value);
  Window window;
  if (const auto days = object.optional("days"))
    for (const auto& day : days->items()) window.days.push_back(day.small_number());
  window.start = std::chrono::minutes(object.required("start_minutes").small_number());
  window.length = read_duration(object, "length");
  window.timezone = object.required("timezone").text();
  window.except = read_list(object, "except");
  object.finish();
  return window;
}

void write_rotate(JsonWriter& out, const RotatePolicy& rotate) {
  out.key("rotate");
  out.begin_object();
  write_duration(out, "before_expiry", rotate.before_expiry);
  out.member("lifetime_left", std::string_view(fmt::format("{}", rotate.lifetime_left)));
  out.member("when", to_string(rotate.when));
  out.member("shorter", to_string(rotate.shorter));
  if (rotate.critical) write_duration(out, "critical", *rotate.critical);
  write_duration(out, "min_age", rotate.min_age);
  if (!rotate.windows.empty()) {
    out.key("windows");
    out.begin_array();
    for (const auto& window : rotate.windows) write_window(out, window);
    out.end_array();
  }
  out.end_object();
}

double read_fraction(const JsonValue& value) {
  const auto text = value.view();
  double fraction = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), fraction);
  if (failure != std::errc() || end != text.data() + text.size()) value.flaw("this is not a decimal number");
  return fraction;
}

RotatePolicy read_rotate(const JsonValue& value) {
  JsonObject object(value);
  RotatePolicy rotate;
  rotate.before_expiry = read_duration(object, "before_expiry");
  rotate.lifetime_left = read_fraction(object.required("lifetime_left"));
  rotate.when = read_enum(object.required("when"), {RotateWhen::due, RotateWhen::available});
  rotate.shorter = read_enum(object.required("shorter"), {Shorter::refuse, Shorter::allow});
  if (const auto critical = object.optional("critical"))
    rotate.critical = Duration(static_cast<Duration::rep>(critical->number()));
  rotate.min_age = read_duration(object, "min_age");
  if (const auto windows = object.optional("windows"))
    for (const auto& window : windows->items()) rotate.windows.push_back(read_window(window));
  object.finish();
  return rotate;
}

void write_call(JsonWriter& out, const CallPolicy& call) {
  out.key("call");
  out.begin_object();
  out.member("to", std::string_view(call.to));
  out.member_unless_empty("from", call.from);
  out.key("accept");
  out.begin_array();
  for (const int status : call.accept) out.value(status);
  out.end_array();
  write_duration(out, "timeout", call.timeout);
  out.end_object();
}

void write_verify(JsonWriter& out, const VerifyPolicy& verify) {
  out.key("verify");
  out.begin_object();
  out.member("status", verify.status);
  write_list(out, "healthy", verify.healthy);
  if (verify.tls) {
    out.key("tls");
    out.begin_object();
    out.member("host", std::string_view(verify.tls->host));
    out.member("port", verify.tls->port);
    out.member_if("sips_domain", verify.tls->location == Location::sips_domain);
    out.member_unless_empty("server_name", verify.tls->server_name);
    write_duration(out, "within", verify.tls->within);
    out.member("consecutive", verify.tls->consecutive);
    out.member("min_version", std::string_view(verify.tls->min_version));
    out.end_object();
  }
  out.member_if("sip_options", verify.sip_options);
  if (verify.call) write_call(out, *verify.call);
  out.end_object();
}

CallPolicy read_call(const JsonValue& value) {
  JsonObject object(value);
  CallPolicy call;
  call.to = object.required("to").text();
  call.from = object.text_or_empty("from");
  call.accept.clear();
  for (const auto& status : object.required("accept").items()) call.accept.push_back(status.small_number());
  call.timeout = read_duration(object, "timeout");
  object.finish();
  return call;
}

TlsProbePolicy read_tls(const JsonValue& value) {
  JsonObject object(value);
  TlsProbePolicy tls;
  tls.host = object.required("host").text();
  tls.port = object.required("port").small_number();
  if (object.flag_or_false("sips_domain")) tls.location = Location::sips_domain;
  tls.server_name = object.text_or_empty("server_name");
  tls.within = read_duration(object, "within");
  tls.consecutive = object.required("consecutive").small_number();
  tls.min_version = object.required("min_version").text();
  object.finish();
  return tls;
}

VerifyPolicy read_verify(const JsonValue& value) {
  JsonObject object(value);
  VerifyPolicy verify;
  verify.status = object.required("status").flag();
  verify.healthy = read_list(object, "healthy");
  if (const auto tls = object.optional("tls")) verify.tls = read_tls(*tls);
  verify.sip_options = object.flag_or_false("sip_options");
  if (const auto call = object.optional("call")) verify.call = read_call(*call);
  object.finish();
  return verify;
}

void write_trunk(JsonWriter& out, const TrunkSelector& selector) {
  if (const auto* named = std::get_if<TrunkByName>(&selector))
    out.member("trunk_name", std::string_view(named->name));
  else
    out.member("trunk_id", std::string_view(std::get<TrunkById>(selector).id.value));
}

TrunkSelector read_trunk(JsonObject& object) {
  if (const auto name = object.optional("trunk_name")) return TrunkByName{name->text()};
  return TrunkById{TrunkId{object.required("trunk_id").text()}};
}

}  // namespace

const std::string& TextTable::add(const SharedText& text) {
  auto& digest = m_digests[&*text];
  if (digest.empty()) {
    digest = sha256_hex(*text);
    m_texts.emplace(digest, text);
  }
  return digest;
}

std::optional<SharedText> TextTable::find(std::string_view digest) const {
  const auto found = m_texts.find(digest);
  if (found == m_texts.end()) return std::nullopt;
  return found->second;
}

void TextTable::write(JsonWriter& out) const {
  out.line();
  out.key("texts");
  out.begin_object();
  for (const auto& [digest, text] : m_texts) {
    out.line();
    out.member(digest, std::string_view(*text));
  }
  out.end_object();
}

void TextTable::read(const JsonValue& value) {
  for (const auto& [digest, text] : value.members())
    if (!m_texts.emplace(std::string(digest), SharedText(text.text())).second) text.flaw("this text is there twice");
}

void write_binding(JsonWriter& out, const Binding& binding, TextTable& texts) {
  out.begin_object();
  out.member("address", std::string_view(to_string(binding.address)));
  write_trunk(out, binding.trunk);
  out.member("certificate", std::string_view(binding.certificate));
  write_locator(out, binding.locator);
  write_list(out, "identity", binding.identity);
  write_carrier(out, binding.carrier, texts);
  write_rollout(out, binding.rollout);
  write_rotate(out, binding.rotate);
  write_verify(out, binding.verify);
  out.member_if("adopt", binding.adopt);
  out.member_if("replace_compromised", binding.replace_compromised);
  out.member_if("prevent_destroy", binding.prevent_destroy);
  if (binding.colour != Colour::none) {
    out.member("group", std::string_view(binding.group));
    out.member("colour", to_string(binding.colour));
  }
  write_list(out, "notify", binding.notify);
  out.end_object();
}

Binding read_binding(const JsonValue& value, const TextTable& texts) {
  JsonObject object(value);
  Binding binding;
  binding.address = read_address(object.required("address"));
  binding.trunk = read_trunk(object);
  binding.certificate = object.required("certificate").text();
  binding.locator = read_locator(object.required("locator"));
  binding.identity = read_list(object, "identity");
  binding.carrier = read_carrier(object.required("carrier"), texts);
  binding.rollout = read_rollout(object.required("rollout"));
  binding.rotate = read_rotate(object.required("rotate"));
  binding.verify = read_verify(object.required("verify"));
  binding.adopt = object.flag_or_false("adopt");
  binding.replace_compromised = object.flag_or_false("replace_compromised");
  binding.prevent_destroy = object.flag_or_false("prevent_destroy");
  binding.group = object.text_or_empty("group");
  if (const auto colour = object.optional("colour")) binding.colour = read_enum(*colour, {Colour::green, Colour::blue});
  binding.notify = read_list(object, "notify");
  object.finish();
  return binding;
}

}  // namespace trunkform::codec
