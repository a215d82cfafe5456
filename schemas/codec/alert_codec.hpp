#pragma once
// Alerts as JSON (schemas/published/alert.schema.json), and the file of who was told (docs/formats/alerts.md).
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/alert.hpp"
#include "schemas/model/result.hpp"

namespace trunkform {

inline constexpr int k_alert_format = 1;

/// One line without its newline.
std::string encode_alert(const Alert& alert);

std::string encode_open_alerts(const std::vector<OpenAlert>& alerts);
/// Errors: corrupt, unsupported (a newer format).
Result<std::vector<OpenAlert>> decode_open_alerts(std::string_view bytes);

}  // namespace trunkform
