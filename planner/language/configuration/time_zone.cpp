#include "planner/language/configuration/time_zone.hpp"

#include <stdexcept>

#include <date/tz.h>

namespace trunkform::language {

bool is_time_zone(const std::string& name) {
  try {
    // The library reads a file of that name: nothing may lead out of the zones' folder.
    if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos) return false;
    date::locate_zone(name);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

std::vector<std::string> time_zone_names() {
  std::vector<std::string> names;
  try {
    for (const auto& zone : date::get_tzdb().zones) names.push_back(zone.name());
  } catch (const std::exception&) {  // no tzdata: no suggestions
  }
  return names;
}

}  // namespace trunkform::language
