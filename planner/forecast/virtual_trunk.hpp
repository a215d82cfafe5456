#pragma once
// One binding while time passes: what is on its trunk, what the state would have recorded, what diff::diff last said.
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "planner/forecast/run_calendar.hpp"
#include "planner/forecast/virtual_source.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::forecast {

/// What a look at the trunk gave, as far as a lapse needs it.
struct Look {
  Relation relation = Relation::unknown;
  Gate gate = Gate::none;
  std::string gate_summary;
  bool writes = false;
  std::string held_by_green;           ///< words; empty: not held
  std::size_t failures_elsewhere = 0;  ///< of the offered chain on its carrier, where that stops it here
  bool missed_turn = false;            ///< its turn in a rollout came after its window had closed
  bool waits_for_run = false;          ///< an earlier apply was still on
  std::optional<Instant> not_before{};
  std::string warning;  ///< of an ignored window
};

class VirtualTrunk {
 public:
  /// Borrows all three.
  VirtualTrunk(const diff::DiffInput& initial, VirtualSource& source, RunCalendar::WindowsId windows);

  const diff::DiffInput& initial() const { return *m_initial; }
  const Binding& binding() const { return m_initial->binding; }
  VirtualSource& source() const { return *m_source; }
  RunCalendar::WindowsId windows() const { return m_windows; }
  /// Effective, of what is live; none: nothing is, or nobody can see it.
  const std::optional<Instant>& expiry() const { return m_expiry; }
  std::optional<Instant> due() const;
  bool nothing_live() const { return m_nothing_live; }
  /// What was last bound failed, and is still there.
  bool has_failed() const;

  /// What a plan at `now` would say.
  PlannedChange plan(Instant now, std::optional<Instant> paced_until) const;
  /// The state learns what is on the trunk.
  void adopt();
  void bind(const ChainPtr& chain, const std::optional<VersionId>& version, const PathFacts* path);
  /// When it is worth looking again; none: never.
  std::optional<Instant> next_look(const PlannedChange& seen, Instant now) const;

  std::optional<Look> last;       ///< of the latest look
  std::optional<Look> at_expiry;  ///< of the latest look before live ended; set once it has

 private:
  const diff::DiffInput* m_initial;
  VirtualSource* m_source;
  RunCalendar::WindowsId m_windows;
  std::vector<Finding> m_lasting;  ///< what a successor would break too
  ChainPtr m_chain;
  const PathFacts* m_path = nullptr;
  std::optional<Instant> m_expiry;
  bool m_nothing_live = false;
  bool m_changed = false;  ///< live and state are no longer the initial ones
  std::unique_ptr<LiveTrunk> m_live;
  std::unique_ptr<ResourceRecord> m_record;

  void record(const ChainPtr& chain, const std::optional<VersionId>& version);
};

}  // namespace trunkform::forecast
