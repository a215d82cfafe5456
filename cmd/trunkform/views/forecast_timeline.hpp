#pragma once
// The drawings of forecast_html: a row for each trunk, or for each group of alike ones, and the request rate. Pure.
#include "cmd/trunkform/views/forecast_rows.hpp"

namespace trunkform::views {

/// `<svg>` elements; their classes are styled by forecast_html.
std::string timeline_svg(const forecast::Forecast& forecast);
std::string rate_svg(const forecast::Forecast& forecast);

}  // namespace trunkform::views
