#pragma once
// The `notify` and `metrics` blocks. Private to the room.
#include "planner/language/configuration/reader.hpp"

namespace trunkform::language {

/// Incomplete (see the reader) after a mistake. `type`: webhook, email or command.
NotifyBlock read_notify(BodyReader& reader, const std::string& type);

/// `type`: textfile or ping; the other one stays as it is.
void read_metrics(BodyReader& reader, const std::string& type, MetricsSettings& metrics);

}  // namespace trunkform::language
