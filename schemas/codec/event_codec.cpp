#include "schemas/codec/event_codec.hpp"

#include <charconv>

#include "schemas/codec/event_body_codec.hpp"

namespace trunkform {

std::string encode_event(const Event& event) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format", k_event_format);
  out.member("sequence", event.sequence);
  out.member("previous", event.previous);
  out.member("time", event.time);
  out.member_unless_empty("run", event.run);
  out.member_unless_empty("actor", event.actor);
  out.member_unless_empty("plan", event.plan);
  out.member("kind", kind_of(event.body));
  out.key("body");
  codec::write_event_body(out, event.body);
  out.end_object();
  return out.take();
}

Result<Event> decode_event(std::string_view line) {
  codec::JsonDocument json("the event", line);
  codec::JsonObject root(json.root());
  json.check_format(root, k_event_format);
  if (json.failed()) return json.finish().error();
  Event event;
  event.sequence = root.required("sequence").number();
  event.previous = root.required("previous").fingerprint();
  event.time = root.required("time").instant();
  event.run = root.text_or_empty("run");
  event.actor = root.text_or_empty("actor");
  event.plan = root.text_or_empty("plan");
  const auto kind = root.required("kind");
  event.body = codec::read_event_body(kind, root.required("body"));
  root.finish();
  TRY(json.finish());
  return event;
}

std::optional<EventHead> peek_event(std::string_view line) {
  constexpr std::string_view k_begin = R"({"format":1,"sequence":)";
  constexpr std::string_view k_middle = R"(,"previous":")";
  constexpr std::size_t k_digits = 64;
  if (!line.starts_with(k_begin)) return std::nullopt;
  line.remove_prefix(k_begin.size());
  EventHead head;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), head.sequence);
  if (error != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (!line.starts_with(k_middle)) return std::nullopt;
  const auto previous = parse_fingerprint(line.substr(k_middle.size(), k_digits));
  if (!previous) return std::nullopt;
  head.previous = *previous;
  return head;
}

}  // namespace trunkform
