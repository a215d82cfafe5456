#include "providers/notify/text.hpp"

#include <fmt/format.h>

namespace trunkform::notify {

bool ends_incident(const Alert& alert) { return alert.resolved || alert.kind == AlertKind::recovered; }

std::string title(const Alert& alert) {
  return fmt::format("[{}] {}", ends_incident(alert) ? std::string_view("resolved") : to_string(alert.severity),
                     to_string(alert.kind));
}

std::vector<std::pair<std::string, std::string>> particulars(const Alert& alert) {
  std::vector<std::pair<std::string, std::string>> lines;
  const auto add = [&](const char* name, std::string value) {
    if (!value.empty()) lines.emplace_back(name, std::move(value));
  };
  add("trunk", alert.trunk);
  add("address", alert.address);
  add("organisation", alert.organisation);
  add("run", alert.run);
  add("by", alert.actor);
  add("plan", alert.plan.substr(0, 12));
  add("log head", alert.log_head ? to_hex(*alert.log_head) : std::string());
  add("time", to_rfc3339(alert.time));
  return lines;
}

std::string shortened(std::string_view text, std::size_t size) {
  if (text.size() <= size) return std::string(text);
  constexpr std::string_view k_more = "…";
  auto end = size - k_more.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + std::string(k_more);
}

}  // namespace trunkform::notify
