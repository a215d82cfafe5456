#pragma once
// One planned change, and errors, as JSON: docs/formats/plan.md, "Changes".
#include "schemas/codec/binding_codec.hpp"
#include "schemas/codec/json_reader.hpp"
#include "schemas/codec/json_writer.hpp"
#include "schemas/codec/record_codec.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::codec {

void write_error(JsonWriter& out, const Error& error);
Error read_error(const JsonValue& value);

/// Chains are referred to by fingerprint, texts by digest: both tables stand in the plan.
void write_planned_change(JsonWriter& out, const PlannedChange& change, TextTable& texts);
PlannedChange read_planned_change(const JsonValue& value, const TextTable& texts, const ChainIndex& chains);

}  // namespace trunkform::codec
