// What somebody else does to the service: knobs turned, trunks edited out of band, listeners told what to serve.
#include <utility>

#include <fmt/format.h>

#include "cmd/genesys_sim/service/service.hpp"

namespace trunkform::sim {

PairPtr Service::pair_of(const Edit& edit, Instant now) const {
  return edit.certificate.empty() ? nullptr : make_pair(edit.certificate, edit.private_key, now);
}

Result<> Service::check_edit(const Edit& edit, Instant now) {
  if (!edit.certificate.empty() && !pair_of(edit, now))
    return Error(ErrorCode::invalid_input, fmt::format("the certificate for '{}' could not be read", edit.trunk));
  if (edit.kind == Edit::Kind::bind && edit.certificate.empty())
    return Error(ErrorCode::invalid_input, fmt::format("binding to '{}' needs 'certificate'", edit.trunk));
  return {};
}

Result<> Service::change(const KnobChange& wanted, Instant now) {
  for (const auto& edit : wanted.edits) {
    TRY(check_edit(edit, now));
    if (edit.kind != Edit::Kind::create && m_store.select(edit.trunk) == nullptr)
      return Error(ErrorCode::not_found, fmt::format("no trunk '{}'", edit.trunk));
  }
  for (const auto& fault : wanted.faults)
    for (const auto& edit : fault.edits) TRY(check_edit(edit, now));
  for (const auto& order : wanted.serve) {
    if (!order.trunk.empty() && m_store.select(order.trunk) == nullptr)
      return Error(ErrorCode::not_found, fmt::format("no trunk '{}'", order.trunk));
    if (!order.certificate.empty() && !make_pair(order.certificate, order.private_key, now))
      return Error(ErrorCode::invalid_input, "the certificate to serve could not be read");
  }
  apply_settings(m_knobs, wanted);
  m_store.touch();
  if (wanted.expire_tokens) m_tokens.revoke_all();
  if (wanted.clear_faults) m_faults.clear();
  for (const auto& fault : wanted.faults) m_faults.add(fault);
  for (const auto& edit : wanted.edits) carry_out(edit, now);
  for (const auto& order : wanted.serve) order_serving(order, now);
  return {};
}

void Service::carry_out(const Edit& edit, Instant now) {
  const auto pair = pair_of(edit, now);
  if (edit.kind == Edit::Kind::create) {
    const auto name = edit.text.empty() ? edit.trunk : edit.text;
    m_store.add(m_ids.uuid(), {}, {name, "active", 1, pair, now});
    return;
  }
  auto* trunk = m_store.select(edit.trunk);
  if (trunk == nullptr) return;
  switch (edit.kind) {
    case Edit::Kind::bind:
      commit(*trunk, pair, now);
      break;
    case Edit::Kind::unbind:
      commit(*trunk, nullptr, now);
      break;
    case Edit::Kind::remove:
      m_store.remove(trunk->id);
      break;
    case Edit::Kind::recreate:
      recreate(*trunk, pair, now);
      break;
    case Edit::Kind::rename:
      m_store.revise(*trunk, now).name = edit.text;
      break;
    case Edit::Kind::status:
      m_store.revise(*trunk, now).status = edit.text;
      break;
    case Edit::Kind::create:
      break;
  }
}

void Service::recreate(Trunk& trunk, const PairPtr& pair, Instant now) {
  TrunkView view{trunk.current.name, trunk.current.status, 1, pair, now};
  auto carrier = trunk.carrier;
  m_store.remove(trunk.id);
  m_store.add(m_ids.uuid(), std::move(carrier), std::move(view));
}

void Service::order_serving(const ServeOrder& order, Instant now) {
  const auto pair = order.certificate.empty() ? nullptr : make_pair(order.certificate, order.private_key, now);
  const auto obey = [&](Trunk& trunk) {
    trunk.serve = order.mode;
    trunk.serve_delay = order.delay;
    trunk.wrong = pair;
  };
  if (!order.trunk.empty()) return obey(*m_store.select(order.trunk));
  for (const auto& trunk : m_store.all()) obey(*trunk);
}

}  // namespace trunkform::sim
