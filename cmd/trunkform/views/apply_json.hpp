#pragma once
// `apply -json`: Terraform's UI stream, one object a line: apply_start, apply_complete, apply_errored, change_summary.
// schemas/published/ui.schema.json. Called by one thread at a time (RunLog's promise).
#include <iosfwd>
#include <map>

#include "cmd/engine/apply.hpp"
#include "cmd/engine/run_log.hpp"
#include "cmd/trunkform/views/apply_view.hpp"

namespace trunkform::views {

class ApplyJson : public engine::EventSink {
 public:
  ApplyJson(std::ostream& out, Operation operation) : m_out(out), m_operation(operation) {}
  /// Events tell the action that the plan has for their address; before that, `update`.
  /// Known once a saved plan is read.
  void set_operation(Operation operation) { m_operation = operation; }
  void use(const Plan& plan);
  void on_event(const Event& event) override;
  /// The last line of every run that began, once.
  void summary(const engine::ApplySummary& summary, Instant now);
  /// Of a run that failed before there was anything to count; nothing where a summary was told.
  void summary_of_failure(Instant now);

 private:
  std::ostream& m_out;
  Operation m_operation;
  std::map<Address, Action> m_actions;
  enum class Told { no, yes } m_told = Told::no;
};

}  // namespace trunkform::views
