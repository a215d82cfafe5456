#include "providers/cloud/aws/places.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace trunkform::cloud::aws {
namespace {

struct Partition {
  std::string_view region;  ///< how its regions begin
  std::string_view name;
  std::string_view suffix;  ///< of its hosts
};

const Partition& partition_at(std::string_view region) {
  static constexpr Partition k_usual{"", "aws", "amazonaws.com"};
  static constexpr std::array<Partition, 7> k_partitions{{
      {"cn-", "aws-cn", "amazonaws.com.cn"},
      {"us-gov-", "aws-us-gov", "amazonaws.com"},
      {"us-iso-", "aws-iso", "c2s.ic.gov"},
      {"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
      {"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
      {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
      {"eusc-", "aws-eusc", "amazonaws.eu"},
  }};
  const auto* const found = std::find_if(k_partitions.begin(), k_partitions.end(),
                                         [&](const Partition& one) { return region.starts_with(one.region); });
  return found == k_partitions.end() ? k_usual : *found;
}

}  // namespace

bool is_region(std::string_view text) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return text.size() >= 3 && text.size() <= 32 && std::all_of(text.begin(), text.end(), is_plain) &&
         text.front() != '-' && text.back() != '-' && text.find('-') != std::string_view::npos;
}

std::string service_host(std::string_view service, std::string_view region) {
  return fmt::format("{}.{}.{}", service, region, partition_at(region).suffix);
}

std::string partition_of(std::string_view region) { return std::string(partition_at(region).name); }

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
