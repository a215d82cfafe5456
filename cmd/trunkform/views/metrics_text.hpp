#pragma once
// Metrics in Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/. What a run cannot
// say anew (the last success of another command, counters, trunks that it did not look at) is taken over from the file
// of the run before. Pure.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/plan.hpp"
#include "schemas/model/run.hpp"

namespace trunkform::views {

struct TrunkMetrics {
  std::string address;
  std::string trunk;
  std::optional<Instant> expiry;  ///< effective, of what is live
  Health health = Health::unknown;
};

/// A `certificate.issued`.
struct IssuedMetrics {
  std::string address;
  std::optional<Instant> expiry;          ///< of what its store has
  std::optional<Instant> renewal;         ///< when that becomes due; none: the next plan says it
  std::optional<Instant> last_success{};  ///< when this state last had one issued
  std::optional<Instant> open_since{};    ///< of a request that has no end yet
  bool failed = false;                    ///< in this run
};

enum class Seen { all, some, none };  ///< trunks: of those not seen the lines before stay

struct RunMetrics {
  std::string command;  ///< `apply`
  Instant now{};
  ExitCode code = ExitCode::done;
  Seen seen = Seen::none;
  std::vector<TrunkMetrics> trunks;
  std::vector<IssuedMetrics> issued;
  std::size_t issues_done = 0, issues_failed = 0, issues_pending = 0;
  std::size_t changed = 0, failed = 0, rolled_back = 0, deferred = 0;
  std::uint64_t requests = 0;
};

/// Whether a run with this exit code did what it was for: done, also where there are changes or something was deferred.
bool is_success(ExitCode code);

/// `previous`: the file of the run before, empty where there is none; what is not ours in it is dropped.
std::string metrics_text(const RunMetrics& run, std::string_view previous);

}  // namespace trunkform::views
