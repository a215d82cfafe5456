#include "state/backends/local/local_alert_memory.hpp"

#include "schemas/codec/alert_codec.hpp"
#include "state/backends/local/momentary_lock.hpp"
#include "state/document/open_alerts.hpp"

namespace trunkform::state {
namespace {

constexpr std::size_t k_most_memory_bytes = 64U << 20;

}  // namespace

Result<std::vector<OpenAlert>> LocalAlertMemory::open(const Context&) {
  if (!TRY(m_files.exists(m_file))) return std::vector<OpenAlert>{};
  return decode_open_alerts(TRY(m_seal->open_text(k_alerts_text, TRY(m_files.read(m_file, k_most_memory_bytes)))));
}

Result<> LocalAlertMemory::change(const Context& context, const std::function<void(std::vector<OpenAlert>&)>& edit) {
  const auto held = TRY(lock_for_a_moment(m_files, m_clock, context, m_lock));
  // What cannot be read is written anew: the price is that somebody is told a second time.
  auto alerts = open(context);
  if (!alerts && is_refused(alerts.error())) return std::move(alerts.error());
  if (!alerts) alerts = std::vector<OpenAlert>{};
  edit(*alerts);
  return m_files.replace(m_file, TRY(m_seal->seal_text(k_alerts_text, encode_open_alerts(*alerts))));
}

Result<> LocalAlertMemory::remember(const Context& context, const OpenAlert& alert) {
  return change(context, [&](std::vector<OpenAlert>& alerts) { state::remember(alerts, alert); });
}

Result<> LocalAlertMemory::forget(const Context& context, const std::string& target, const std::string& dedup_key) {
  return change(context, [&](std::vector<OpenAlert>& alerts) { state::forget(alerts, target, dedup_key); });
}

}  // namespace trunkform::state
