#include "state/remote/promises.hpp"

namespace trunkform::state {
namespace {

/// Each asks for what must be refused. Engines of two processes.
class Promises {
 public:
  Promises(const Context& context, const RemoteServices& services, Engine& one, Engine& other)
      : m_context(context), m_services(services), m_one(one), m_other(other) {}

  Result<> try_all() {
    const auto own = lock_of();
    TRY(m_one.take_lock(m_context, own));
    auto tried = try_under(own);
    auto removed = m_one.remove(m_context, own.id);
    return tried ? removed : tried;
  }

 private:
  const Context& m_context;
  const RemoteServices& m_services;
  Engine& m_one;
  Engine& m_other;

  LockInfo lock_of() const {
    LockInfo info;
    info.id = m_services.random.uuid();
    info.operation = "init";
    info.who = "trunkform init";
    info.created = m_services.clock.now();
    info.path = m_one.place();
    return info;
  }

  Error broken(std::string_view what) const {
    return Error(ErrorCode::unsupported, "a state cannot live in " + m_one.place(), std::string(what))
        .hint("see that nothing stands between that changes requests, or use another backend");
  }

  Result<> must_refuse(const Result<>& tried, std::string_view promise) const {
    if (tried) return broken(promise);
    const auto code = tried.error().code;
    const bool is_refused = code == ErrorCode::lock_held || code == ErrorCode::fenced || code == ErrorCode::conflict;
    return is_refused ? Result<>() : Result<>(tried.error());
  }

  Result<> try_under(const LockInfo& own) {
    const auto capabilities = m_one.capabilities();
    TRY(must_refuse(m_other.take_lock(m_context, lock_of()), "a second run got the lock while the first one had it"));
    StateDocument first;
    first.lineage = m_services.random.uuid();
    first.serial = 1;
    TRY(m_one.write(m_context, own.id, nullptr, first));
    if (capabilities.cas)
      TRY(must_refuse(m_other.write(m_context, own.id, nullptr, first),
                      "a document was written where there was one, under the condition that there is none"));
    if (!capabilities.append) return {};
    const EventBatch batch{1, {"{}"}};
    TRY(m_one.append(m_context, own.id, batch));
    TRY(must_refuse(m_other.append(m_context, own.id, batch), "an event was written in place of another"));
    if (!capabilities.fence) return {};
    return must_refuse(m_other.append(m_context, lock_of().id, {2, {"{}"}}),
                       "an event was written for a run that does not have the lock");
  }
};

}  // namespace

Result<> probe_promises(const Context& context, const RemoteServices& services, const OpenEngine& open) {
  const auto name = "trunkform.init." + services.random.uuid();
  const auto one = TRY(open(name));
  const auto other = TRY(open(name));
  return Promises(context, services, *one, *other).try_all();
}

}  // namespace trunkform::state
