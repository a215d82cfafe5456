#pragma once
// A trunk as the service reports it (dialect `guide`). Names and statuses are foreign text: escape before showing.
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/certificate_facts.hpp"

namespace trunkform {

struct TrunkId {
  std::string value;
  friend auto operator<=>(const TrunkId&, const TrunkId&) = default;
};

struct Organisation {
  std::string id;  ///< the organisation's id; where the API hides it, `host/client-id`, and `by_api` is false
  std::string name;
  bool by_api = true;
  std::string client{};  ///< `host/client-id` of the credentials; never kept, so empty where it was read from a file
  friend bool operator==(const Organisation&, const Organisation&) = default;
};

/// What one observer saw bound to a trunk. `none`: certainly no certificate. `unknown`: it cannot be said, and `why`.
struct Sighting {
  enum class Kind { certificate, none, unknown };
  Kind kind = Kind::unknown;
  ChainPtr chain;   ///< set for `certificate`
  std::string why;  ///< set for `unknown`

  static Sighting of(ChainPtr seen) { return {Kind::certificate, std::move(seen), {}}; }
  static Sighting nothing() { return {Kind::none, nullptr, {}}; }
  static Sighting unclear(std::string reason) { return {Kind::unknown, nullptr, std::move(reason)}; }
  bool is_certificate() const { return kind == Kind::certificate; }
};

struct LiveTrunk {
  TrunkId id;
  std::string name;
  std::string version;   ///< the service's own, opaque; empty where it gives none
  std::string status;    ///< the service's word
  Sighting certificate;  ///< from the API
};

/// Whether a status word counts as healthy: `active, in_service, connected, enabled, ok` in any case, or one of `more`.
bool is_healthy_status(std::string_view status, const std::vector<std::string>& more);

}  // namespace trunkform
