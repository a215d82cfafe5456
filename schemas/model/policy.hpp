#pragma once
// What the operator decided, with every default filled in: carrier, rollout, rotation, verification.
// The arguments and defaults are docs/configuration.md's; nothing else knows a default.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/shared.hpp"
#include "schemas/model/time.hpp"

namespace trunkform {

enum class RootHandling { omit, include };
enum class IdentityRules { rfc5922, rfc6125 };
enum class OnFailure { rollback, stop, proceed };  ///< `proceed` is spelled "continue"
enum class Unreachable { stop, accept };
enum class RotateWhen { due, available };
enum class Shorter { refuse, allow };
/// How the addresses of a probe are found.
enum class Location {
  host,         ///< the addresses of the host
  sips_domain,  ///< `sips:DOMAIN`: by NAPTR and SRV (RFC 3263)
};

std::string_view to_string(RootHandling value);
std::string_view to_string(IdentityRules value);
std::string_view to_string(OnFailure value);
std::string_view to_string(Unreachable value);
std::string_view to_string(RotateWhen value);
std::string_view to_string(Shorter value);

struct CarrierPolicy {
  std::string label;                      ///< empty: no carrier block, defaults
  std::optional<SharedText> trust_store;  ///< PEM of the roots; none: the system's
  RootHandling root = RootHandling::omit;
  bool mutual_tls = false;
  IdentityRules identity_rules = IdentityRules::rfc5922;
  bool allow_wildcard = false;
  int min_rsa_bits = 2048;
  std::vector<std::string> key_types;  ///< empty: any that the rules allow
  std::vector<std::string> issuers;    ///< empty: any
  int max_parallel = 1;
  friend bool operator==(const CarrierPolicy&, const CarrierPolicy&) = default;
};

struct RolloutPolicy {
  std::string label;
  int canary = 1;
  int wave_size = 10;
  Duration stagger = std::chrono::minutes(3);
  Duration soak = std::chrono::minutes(10);
  OnFailure on_failure = OnFailure::rollback;
  int max_failures = 0;
  Unreachable unreachable = Unreachable::stop;
  friend bool operator==(const RolloutPolicy&, const RolloutPolicy&) = default;
};

/// A weekly maintenance window. `days` as 0 = Sunday … 6 = Saturday; empty: every day. May cross midnight.
struct Window {
  std::vector<int> days;
  std::chrono::minutes start{};  ///< local time of day
  Duration length{};
  std::string timezone;             ///< IANA name
  std::vector<std::string> except;  ///< local dates, YYYY-MM-DD, on which it does not open
  friend bool operator==(const Window&, const Window&) = default;
};

struct RotatePolicy {
  Duration before_expiry = std::chrono::hours(24 * 30);
  double lifetime_left = 0.33;  ///< fraction of the certificate's lifetime, 0 < x < 1
  RotateWhen when = RotateWhen::due;
  Shorter shorter = Shorter::refuse;
  std::optional<Duration> critical;  ///< none: min(7 d, lifetime/6)
  Duration min_age = std::chrono::hours(1);
  std::vector<Window> windows;
  friend bool operator==(const RotatePolicy&, const RotatePolicy&) = default;
};

struct TlsProbePolicy {
  std::string host;
  int port = 5061;
  std::string server_name;  ///< SNI; the host when empty
  Duration within = std::chrono::minutes(2);
  int consecutive = 3;
  std::string min_version = "1.2";
  Location location = Location::host;
  friend bool operator==(const TlsProbePolicy&, const TlsProbePolicy&) = default;
};

/// The test call. URIs are whole ones; `from` is empty where nobody said who calls.
struct CallPolicy {
  std::string to;
  std::string from;
  std::vector<int> accept = {200, 486, 603};  ///< final answers, or 180 and 183: then ringing is enough
  Duration timeout = std::chrono::seconds(20);
  friend bool operator==(const CallPolicy&, const CallPolicy&) = default;
};

struct VerifyPolicy {
  bool status = true;
  std::vector<std::string> healthy;  ///< more status words that count as healthy
  std::optional<TlsProbePolicy> tls;
  bool sip_options = false;
  std::optional<CallPolicy> call;
  friend bool operator==(const VerifyPolicy&, const VerifyPolicy&) = default;
};

}  // namespace trunkform
