#include "providers/probe/locate.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <strings.h>

namespace trunkform::probe {
namespace {

constexpr std::size_t k_most_records = 32;
constexpr std::size_t k_most_places = 64;

bool is_same_word(const std::string& left, const char* right) { return ::strcasecmp(left.c_str(), right) == 0; }

std::string without_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name;
}

/// DNS carries any byte; a host has few kinds.
bool is_host_name(const std::string& name) {
  return !name.empty() && name.size() < 254 &&
         std::all_of(
             name.begin(), name.end(),
             [](unsigned char byte) {
               return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                      byte == '-' || byte == '.' || byte == '_';
             });
}

Error odd_record(const std::string& kind, const std::string& name) {
  return Error(ErrorCode::protocol, fmt::format("the {} records of {} do not lead to host names", kind, name));
}

Result<> check_count(std::size_t count, const std::string& kind, const std::string& name) {
  if (count <= k_most_records) return {};
  return Error(ErrorCode::protocol,
               fmt::format("{} has {} {} records, more than {}", name, count, kind, k_most_records));
}

/// Names of SRV records for SIP over TLS: what NAPTR of the lowest order says, else the name by convention.
Result<std::vector<std::string>> service_names(const Context& context, DnsClient& dns, const std::string& domain) {
  auto records = TRY(dns.naptr(context, domain));
  TRY(check_count(records.size(), "NAPTR", domain));
  std::erase_if(records, [](const NaptrRecord& record) {
    return !is_same_word(record.service, "SIPS+D2T") || !is_same_word(record.flags, "s");
  });
  std::stable_sort(records.begin(), records.end(), [](const NaptrRecord& l, const NaptrRecord& r) {
    return std::tie(l.order, l.preference) < std::tie(r.order, r.preference);
  });
  std::vector<std::string> names;
  for (const auto& record : records) {
    if (record.order != records.front().order) break;
    auto name = without_dot(record.replacement);
    if (!is_host_name(name)) return odd_record("NAPTR", domain);
    names.push_back(std::move(name));
  }
  if (names.empty()) names.push_back("_sips._tcp." + domain);
  return names;
}

Result<std::vector<SrvRecord>> services(const Context& context, DnsClient& dns, const std::string& domain) {
  const auto names = TRY(service_names(context, dns, domain));
  std::vector<SrvRecord> all;
  for (const auto& name : names) {
    auto records = TRY(dns.srv(context, name));
    TRY(check_count(all.size() + records.size(), "SRV", name));
    for (auto& record : records) {
      record.host = without_dot(std::move(record.host));
      if (record.host.empty() && records.size() == 1 && names.size() == 1)  // RFC 2782: decidedly not available
        return Error(ErrorCode::not_found, fmt::format("{} says that it has no SIP over TLS", domain),
                     fmt::format("the SRV record {} names the root", name));
      if (!is_host_name(record.host) || record.port < 1) return odd_record("SRV", name);
      all.push_back(std::move(record));
    }
  }
  if (all.empty() && names.front() != "_sips._tcp." + domain)
    return Error(ErrorCode::not_found,
                 fmt::format("NAPTR of {} leads to {}, which has no SRV record", domain, fmt::join(names, " and ")));
  std::stable_sort(all.begin(), all.end(), [](const SrvRecord& l, const SrvRecord& r) {
    return std::tie(l.priority, r.weight, l.host, l.port) < std::tie(r.priority, l.weight, r.host, r.port);
  });
  return all;
}

void add(std::vector<Place>& places, Place place) {
  const auto is_same = [&](const Place& other) {
    return other.target && place.target && other.target->text == place.target->text;
  };
  if (std::none_of(places.begin(), places.end(), is_same)) places.push_back(std::move(place));
}

Result<std::vector<Place>> places_of_host(const Context& context, DnsClient& dns, const std::string& host, int port) {
  std::vector<Place> places;
  for (auto& target : TRY(dns.addresses(context, host, port))) {
    auto text = target.text;
    add(places, {std::move(text), std::move(target), std::nullopt});
  }
  return places;
}

}  // namespace

Result<std::vector<Place>> locate(const Context& context, DnsClient& dns, const TlsProbePolicy& policy) {
  constexpr int k_sips_port = 5061;
  if (policy.location == Location::host) return places_of_host(context, dns, policy.host, policy.port);
  const auto records = TRY(services(context, dns, policy.host));
  if (records.empty()) return places_of_host(context, dns, policy.host, k_sips_port);
  std::vector<Place> places;
  for (const auto& record : records) {
    auto targets = dns.addresses(context, record.host, record.port);
    if (!targets && targets.error().code == ErrorCode::cancelled) return std::move(targets.error());
    if (!targets) {
      add(places, {fmt::format("{}:{}", record.host, record.port), std::nullopt, std::move(targets.error())});
      continue;
    }
    for (auto& target : *targets) {
      auto text = fmt::format("{} ({})", target.text, record.host);
      add(places, {std::move(text), std::move(target), std::nullopt});
    }
  }
  if (places.size() > k_most_places)
    return Error(ErrorCode::protocol, fmt::format("the records of {} lead to {} addresses, more than {}", policy.host,
                                                  places.size(), k_most_places));
  return places;
}

std::string server_name_of(const TlsProbePolicy& policy) {
  if (!policy.server_name.empty()) return policy.server_name;
  return is_address(policy.host) ? std::string() : policy.host;
}

}  // namespace trunkform::probe
