#pragma once
// A forecast as one HTML file that needs nothing else: no script, no network. Light or dark as the reader's system is,
// readable without colours, with titles and descriptions for screen readers. Foreign text is escaped. Pure.
#include "cmd/trunkform/views/forecast_rows.hpp"

namespace trunkform::views {

std::string forecast_html(const ForecastDocument& document);

/// For element content and quoted attributes. Control characters and invalid UTF-8 are made harmless.
std::string html_text(std::string_view text);

}  // namespace trunkform::views
