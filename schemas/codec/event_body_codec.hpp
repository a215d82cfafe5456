#pragma once
// The `body` of each kind of event as a JSON object: docs/formats/events.md, "Kinds".
#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/model/event.hpp"

namespace trunkform::codec {

void write_event_body(JsonWriter& out, const EventBody& body);
EventBody read_event_body(const JsonValue& kind, const JsonValue& body);

}  // namespace trunkform::codec
