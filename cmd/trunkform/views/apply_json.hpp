#pragma once
// `apply -json`: Terraform's UI stream, one object a line: apply_start, apply_complete, apply_errored, change_summary.
// schemas/published/ui.schema.json. Called by one thread at a time (RunLog's promise).
#include <iosfwd>

#include "cmd/engine/apply.hpp"
#include "cmd/engine/run_log.hpp"

namespace trunkform::views {

class ApplyJson : public engine::EventSink {
 public:
  explicit ApplyJson(std::ostream& out) : m_out(out) {}
  void on_event(const Event& event) override;
  void summary(const engine::ApplySummary& summary, Instant now);

 private:
  std::ostream& m_out;
};

}  // namespace trunkform::views
