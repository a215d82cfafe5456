#include "state/document/open_alerts.hpp"

#include <algorithm>

namespace trunkform::state {

void remember(std::vector<OpenAlert>& alerts, const OpenAlert& alert) {
  const auto same = std::find_if(alerts.begin(), alerts.end(), [&](const OpenAlert& other) {
    return other.target == alert.target && other.dedup_key == alert.dedup_key;
  });
  if (same == alerts.end())
    alerts.push_back(alert);
  else
    *same = alert;
}

void forget(std::vector<OpenAlert>& alerts, const std::string& target, const std::string& dedup_key) {
  std::erase_if(alerts, [&](const OpenAlert& other) { return other.target == target && other.dedup_key == dedup_key; });
}

}  // namespace trunkform::state
