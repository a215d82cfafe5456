#include "providers/cloud/aws/places.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace trunkform::cloud::aws {

bool is_region(std::string_view text) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return text.size() >= 3 && text.size() <= 32 && std::all_of(text.begin(), text.end(), is_plain) &&
         text.front() != '-' && text.back() != '-' && text.find('-') != std::string_view::npos;
}

std::string service_host(std::string_view service, std::string_view region) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> k_partitions{{
      {"cn-", "amazonaws.com.cn"},
      {"us-iso-", "c2s.ic.gov"},
      {"us-isob-", "sc2s.sgov.gov"},
      {"us-isof-", "csp.hci.ic.gov"},
      {"eu-isoe-", "cloud.adc-e.uk"},
      {"eusc-", "amazonaws.eu"},
  }};
  const auto* const found = std::find_if(k_partitions.begin(), k_partitions.end(),
                                         [&](const auto& partition) { return region.starts_with(partition.first); });
  return fmt::format("{}.{}.{}", service, region, found == k_partitions.end() ? "amazonaws.com" : found->second);
}

std::optional<Arn> parse_arn(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  text.remove_prefix(4);
  std::array<std::string, 4> parts;
  for (auto& part : parts) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (parts[0].empty() || parts[1].empty() || text.empty()) return std::nullopt;
  return Arn{parts[0], parts[1], parts[2], parts[3], std::string(text)};
}

}  // namespace trunkform::cloud::aws
