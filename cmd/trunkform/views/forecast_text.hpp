#pragma once
// A forecast for people: lapses first and loud, then what happens week by week. Foreign text is escaped. Pure.
#include "cmd/trunkform/views/forecast_rows.hpp"
#include "cmd/trunkform/views/text_style.hpp"

namespace trunkform::views {

std::string forecast_text(const ForecastDocument& document, const TextStyle& style);

}  // namespace trunkform::views
