#pragma once
// What an apply shows while it runs: a plain line an event, and on a terminal one line at the bottom that says how far
// it is, what soaks, what comes next, when, and what it waits for. Thread-safe.
#include <iosfwd>
#include <mutex>
#include <string>

#include "cmd/engine/apply.hpp"
#include "cmd/engine/run_log.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "planner/rollout/rollout.hpp"

namespace trunkform::views {

enum class LiveLine { off, on };
enum class Operation { apply, destroy, refresh };

class ApplyView : public engine::EventSink {
 public:
  /// `columns`: of the terminal; a live line that wraps could not be taken away.
  ApplyView(std::ostream& out, TextStyle style, LiveLine live, const Clock& clock, int columns = 100);
  ~ApplyView() override;

  void on_event(const Event& event) override;
  /// For engine::DriveOptions::progress.
  void on_progress(const rollout::Rollout& machine);
  /// Takes the live line away; nothing is drawn afterwards.
  void close();

 private:
  std::ostream& m_out;
  TextStyle m_style;
  LiveLine m_live;
  const Clock& m_clock;
  const std::size_t m_columns;
  std::mutex m_mutex;
  std::string m_drawn;
  std::optional<Instant> m_told_wait;  ///< the wake that the last line without a terminal was about

  void line(const std::string& text);
  void erase();
  void tell_long_wait(const rollout::Rollout& machine);
};

/// One event in words, without time: `genesys_trunk_certificate.a: PATCH accepted`. Empty for what people need not see.
std::string event_text(const Event& event, const TextStyle& style);

/// Whether all that was planned is done, or waits for its time.
bool is_complete(const engine::ApplySummary& summary);

/// The end of an apply for people: counts, what failed and why, what to do.
/// `again`: the command that does what this run left, in backticks.
std::string apply_summary_text(const engine::ApplySummary& summary, Operation operation, const std::string& again,
                               const TextStyle& style);
/// Its first line: `Apply complete! Resources: 1 added, 2 changed, 0 destroyed.`
std::string summary_headline(const engine::ApplySummary& summary, Operation operation, const TextStyle& style);

}  // namespace trunkform::views
