#include "state/remote/alert_memory.hpp"

#include "schemas/codec/alert_codec.hpp"
#include "state/document/open_alerts.hpp"

namespace trunkform::state {

Result<std::vector<OpenAlert>> RemoteAlertMemory::open(const Context& context) {
  const auto text = TRY(m_state->engine->read_alerts(context));
  return text ? decode_open_alerts(*text) : Result<std::vector<OpenAlert>>(std::vector<OpenAlert>{});
}

/// Two runs at once may lose one of the two notes: the price is that somebody is told a second time.
Result<> RemoteAlertMemory::change(const Context& context, const std::function<void(std::vector<OpenAlert>&)>& edit) {
  const std::scoped_lock guard(m_turn);
  auto alerts = open(context);
  if (!alerts && alerts.error().code != ErrorCode::corrupt) return std::move(alerts.error());
  auto edited = alerts ? std::move(*alerts) : std::vector<OpenAlert>{};
  edit(edited);
  return m_state->engine->write_alerts(context, encode_open_alerts(edited));
}

Result<> RemoteAlertMemory::remember(const Context& context, const OpenAlert& alert) {
  return change(context, [&](std::vector<OpenAlert>& alerts) { state::remember(alerts, alert); });
}

Result<> RemoteAlertMemory::forget(const Context& context, const std::string& target, const std::string& dedup_key) {
  return change(context, [&](std::vector<OpenAlert>& alerts) { state::forget(alerts, target, dedup_key); });
}

}  // namespace trunkform::state
