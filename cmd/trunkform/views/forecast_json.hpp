#pragma once
// A forecast as one JSON object: schemas/published/forecast.schema.json.
#include "cmd/trunkform/views/forecast_rows.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::views {

/// Members of the object that `out` has begun; the caller adds its diagnostics and ends it.
void write_forecast(codec::JsonWriter& out, const ForecastDocument& document);

}  // namespace trunkform::views
