#pragma once
// Where AWS's services are: regions, their hosts, and names of resources. Pure.
#include <optional>
#include <string>
#include <string_view>

namespace trunkform::cloud::aws {

/// Whether it looks like the name of a region, `eu-central-1`. Nothing else becomes part of a host's name.
bool is_region(std::string_view text);

/// `secretsmanager.eu-central-1.amazonaws.com`, by the partition that the region belongs to (botocore's
/// partitions.json). Precondition: is_region(region).
std::string service_host(std::string_view service, std::string_view region);
/// `aws`, `aws-cn`, `aws-us-gov`, …: the second part of an ARN there.
std::string partition_of(std::string_view region);

/// `arn:partition:service:region:account:resource` (AWS General Reference, "Amazon Resource Names").
struct Arn {
  std::string partition, service, region, account, resource;
};
/// None where the text is no such name.
std::optional<Arn> parse_arn(std::string_view text);

}  // namespace trunkform::cloud::aws
