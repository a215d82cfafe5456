#pragma once
// The notify blocks at work in one command: opened as far as the operator allows, told what a plan and a run call for,
// closed with what could not be sent. Nothing here changes a command's result. Not thread-safe, but for the sink.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cmd/engine/alert_desk.hpp"
#include "cmd/engine/apply.hpp"
#include "cmd/trunkform/session.hpp"
#include "planner/alerts/plan_alerts.hpp"
#include "planner/alerts/run_alerts.hpp"

namespace trunkform::cli {

class Alerting {
 public:
  Alerting(World& world, Session& session);
  ~Alerting();

  /// After the configuration was loaded. Blocks that cannot be used are told as warnings, at once where there is
  /// somebody to read them: an alert that will not be sent is worth knowing before it is needed.
  std::vector<Error> open();
  /// The service could not be asked.
  void service_failed(const Error& why);
  void on_plan(const Plan& plan, alerts::Coverage coverage, Duration wait = {});
  /// From now on each event of the run is looked at as soon as it is durable; those before are looked at now. `trunks`:
  /// names by address.
  void follow(engine::RunLog& log, const std::string& organisation, std::map<std::string, std::string> trunks);
  /// The same before there is a plan, so that what recovery found is told whatever becomes of the run.
  void follow(engine::RunLog& log, const StateDocument& state);
  /// The names of trunks that no state has yet. After `follow`.
  void learn(const Plan& plan);
  /// What could not be issued, each error with its address.
  void not_issued(const std::vector<Error>& errors);
  void on_end(const engine::ApplySummary& summary);
  /// What got no further, and of which no event told.
  void left_alone(const std::vector<alerts::LeftAlone>& addresses);
  /// Waits for what is being sent, within bounds; nothing is sent afterwards. What went wrong, as warnings.
  std::vector<Error> close();

 private:
  class Sink;

  World& m_world;
  Session& m_session;
  alerts::AlertScope m_scope;
  std::unique_ptr<engine::AlertDesk> m_desk;  ///< null: there is no notify block
  std::unique_ptr<Sink> m_sink;

  void post(std::vector<Alert> alerts);
};

/// Whether the operator allows what a block asks for; reads no secret and sends nothing. Errors: untrusted, with the
/// command that would allow it; invalid_input.
Result<> may_notify(World& world, Session& session, const NotifyBlock& block);

/// The blocks that may not be used where this runs, as warnings: for commands that send nothing themselves.
std::vector<Error> unusable_notifiers(World& world, Session& session);

/// A notifier as the operator allows it. Errors: as `may_notify`; not_found and the like for its secrets.
Result<std::unique_ptr<Notifier>> open_notifier(World& world, Session& session, const NotifyBlock& block);

/// What keeps an alert from being rendered by a template of the user's own: found before the first alert is due.
std::vector<Error> check_templates(const World& world, const std::vector<NotifyBlock>& blocks);

/// Foreign text made harmless, whatever it is put into later.
Alert printable(Alert alert);

}  // namespace trunkform::cli
