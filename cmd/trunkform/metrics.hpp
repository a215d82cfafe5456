#pragma once
// The metrics blocks at work in one command: what it saw and did, written and signalled at its end. Nothing here
// changes a command's result. Not thread-safe.
#include <string>
#include <vector>

#include "cmd/engine/apply.hpp"
#include "cmd/trunkform/session.hpp"
#include "cmd/trunkform/views/metrics_text.hpp"

namespace trunkform::cli {

/// Whether the command is what a schedule is for: only such a one says by the ping that it still runs.
enum class Heartbeat { no, yes };

class Metrics {
 public:
  Metrics(World& world, Session& session, std::string command, Heartbeat heartbeat);

  void on_plan(const Plan& plan, views::Seen seen);
  void on_end(const engine::ApplySummary& summary, const Plan& plan);
  /// At the very end: writes the file, sends the ping after a success. What went wrong, as warnings.
  std::vector<Error> finish(ExitCode code);

 private:
  World& m_world;
  Session& m_session;
  Heartbeat m_heartbeat;
  views::RunMetrics m_run;
  Instant m_planned{};

  void learn_of_issues();
  Instant expiry_of(const ChainPtr& chain, const Binding& binding);
  Result<> write(const MetricsSettings::Textfile& settings);
  Result<> ping(const MetricsSettings::Ping& settings);
};

}  // namespace trunkform::cli
