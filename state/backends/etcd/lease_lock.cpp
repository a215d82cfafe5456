#include "state/backends/etcd/lease_lock.hpp"

#include "schemas/codec/lock_codec.hpp"
#include "state/backends/etcd/keys.hpp"
#include "state/remote/epoch.hpp"

namespace trunkform::state::etcd {
namespace {

Error fenced() { return Error(ErrorCode::fenced, "another run has the lock, or its lease has ended"); }
Error lock_held() { return Error(ErrorCode::lock_held, "another run has the lock"); }

KeyCondition made_at(const std::string& key, Revision revision) { return {key, KeyCondition::Of::created, revision}; }

}  // namespace

void LeaseLock::keep(std::optional<Held> held) {
  const std::scoped_lock guard(m_mutex);
  m_held = std::move(held);
}

Result<std::optional<LeaseLock::Seen>> LeaseLock::look(const Context& context) {
  const auto found = TRY(read_key(context, m_store, m_key));
  if (!found) return std::optional<Seen>();
  Seen seen;
  seen.info = TRY(decode_lock_info(found->value));
  seen.held = {seen.info.id, found->created, found->lease};
  return std::optional(std::move(seen));
}

/// After an answer that was lost, or in an engine of its own, it is looked up.
Result<LeaseLock::Held> LeaseLock::held(const Context& context, const std::string& id) {
  {
    const std::scoped_lock guard(m_mutex);
    if (m_held && m_held->id == id) return *m_held;
  }
  auto seen = TRY(look(context));
  if (!seen || seen->held.id != id) return fenced();
  keep(seen->held);
  return std::move(seen->held);
}

Result<> LeaseLock::take(const Context& context, const LockInfo& info) {
  keep(std::nullopt);
  if (const auto seen = TRY(look(context))) {
    if (seen->held.id != info.id) return lock_held();
    keep(seen->held);
    return {};
  }
  const auto lease = TRY(m_store.grant(context, m_time_to_live));
  // Where the answer is lost, so is the lease: its key, if there is one, is found by the lock's id.
  const auto taken =
      TRY(m_store.transact(context, {{made_at(m_key, 0)}, {put_key(m_key, encode_lock_info(info), lease)}}));
  if (taken) {
    keep(Held{info.id, *taken, lease});
    return {};
  }
  (void)m_store.revoke(context, lease);  // it ends by itself
  const auto seen = TRY(look(context));
  if (!seen || seen->held.id != info.id) return lock_held();
  keep(seen->held);
  return {};
}

Result<> LeaseLock::renew(const Context& context, const std::string& id) {
  const auto own = TRY(held(context, id));
  auto renewed = m_store.keep_alive(context, own.lease);
  if (!renewed && renewed.error().code == ErrorCode::not_found) return fenced();
  if (!renewed) return renewed;
  return check(context, id);
}

Result<> LeaseLock::check(const Context& context, const std::string& id) {
  const auto own = TRY(held(context, id));
  const auto seen = TRY(look(context));
  return seen && seen->held.created == own.created ? Result<>() : fenced();
}

Result<KeyCondition> LeaseLock::condition(const Context& context, const std::string& id) {
  return made_at(m_key, TRY(held(context, id)).created);
}

Result<> LeaseLock::give_back(const Context& context, const std::string& id, std::optional<KeyChange> also) {
  const auto own = TRY(held(context, id));
  keep(std::nullopt);
  Transaction transaction{{made_at(m_key, own.created)}, {}};
  transaction.then.push_back(also ? std::move(*also) : remove_keys({m_key}));
  bool is_done = false;
  TRY(until_known(
      context, m_clock,
      [&]() -> Result<> {
        is_done = TRY(m_store.transact(context, transaction)).has_value();
        return {};
      },
      [&]() -> Result<bool> {
        const auto seen = TRY(look(context));
        is_done = !seen || seen->held.created != own.created;
        return is_done;
      }));
  if (!is_done) return fenced();
  (void)m_store.revoke(context, own.lease);  // no key hangs on it any more, and it ends by itself
  return {};
}

Result<std::optional<LockInfo>> LeaseLock::holder(const Context& context) {
  auto seen = TRY(look(context));
  return seen ? std::optional(std::move(seen->info)) : std::nullopt;
}

Result<> LeaseLock::break_lock(const Context& context, const std::string& id) {
  const auto seen = TRY(look(context));
  if (!seen) return Error(ErrorCode::not_found, "nothing is locked").hint("run the command that you wanted to run");
  if (seen->held.id != id) return Error(ErrorCode::conflict, "the lock has another id");
  if (!TRY(
          transact_surely(context, m_store, m_clock, {{made_at(m_key, seen->held.created)}, {remove_keys({m_key})}}))) {
    // Where an answer was lost the second try finds what the first one did.
    const auto now = TRY(look(context));
    if (now) return Error(ErrorCode::conflict, "another took it meanwhile");
  }
  (void)m_store.revoke(context, seen->held.lease);
  return {};
}

}  // namespace trunkform::state::etcd
