#pragma once
// IANA time zones, from the system's tzdata. Thread-safe. Private to the room.
#include <string>
#include <vector>

namespace trunkform::language {

bool is_time_zone(const std::string& name);
std::vector<std::string> time_zone_names();

}  // namespace trunkform::language
