#include "state/backends/etcd/engine.hpp"

#include <mutex>

#include "state/backends/etcd/document_keys.hpp"
#include "state/backends/etcd/event_keys.hpp"
#include "state/backends/etcd/keys.hpp"
#include "state/backends/etcd/layout.hpp"
#include "state/backends/etcd/lease_lock.hpp"
#include "state/backends/etcd/shared_keys.hpp"

namespace trunkform::state::etcd {
namespace {

class EtcdEngine final : public Engine {
 public:
  EtcdEngine(const Settings& settings, const std::string& workspace, std::shared_ptr<KeyValueStore> store, Clock& clock,
             Random& random)
      : m_settings(settings),
        m_workspace(workspace),
        m_layout(settings.prefix, workspace),
        m_store(std::move(store)),
        m_clock(clock),
        m_random(random),
        m_lock(*m_store, clock, m_layout.lock(), settings.time_to_live),
        m_document(*m_store, m_layout),
        m_events(*m_store, m_layout) {}

  BackendCapabilities capabilities() const override {
    return {.append = true,
            .fence = true,
            .cas = true,
            .ttl = true,
            .ownership = true,
            .pacing = true,
            .versions = false,
            .workspaces = true};
  }
  std::string place() const override {
    return "etcd " + m_store->place() + (m_settings.prefix.empty() ? "" : ", prefix " + m_settings.prefix) +
           ", workspace " + m_workspace;
  }

  /// There is nothing to make: whether we may read and write shows in the trial of promises.
  Result<> prepare(const Context& context) override {
    TRY(workspaces(context));
    return {};
  }
  Result<Instant> now(const Context& context) override { return m_store->now(context); }

  Duration renewal() const override { return m_settings.time_to_live / 3; }
  Duration time_to_live() const override { return m_settings.time_to_live; }
  Result<> take_lock(const Context& context, const LockInfo& info) override { return m_lock.take(context, info); }
  Result<> renew(const Context& context, const std::string& id) override { return m_lock.renew(context, id); }
  Result<> give_back(const Context& context, const std::string& id) override { return m_lock.give_back(context, id); }
  Result<std::optional<LockInfo>> holder(const Context& context) override { return m_lock.holder(context); }
  Result<> break_lock(const Context& context, const std::string& id) override { return m_lock.break_lock(context, id); }

  Result<std::optional<StateDocument>> load(const Context& context) override { return m_document.load(context); }
  Result<> write(const Context& context, const std::string& id, const StateDocument* before,
                 const StateDocument& next) override {
    const auto lock = TRY(m_lock.condition(context, id));
    const auto written = TRY(m_document.write(context, lock, before, next, id_of_write(id, next)));
    if (written == DocumentKeys::Written::done) return {};
    TRY(m_lock.check(context, id));
    return Error(ErrorCode::conflict, "another document is there");
  }

  Result<EventBatch> events(const Context& context, Sequence after) override { return m_events.after(context, after); }
  Result<std::optional<EventBatch>> last_event(const Context& context) override { return m_events.last(context); }
  Result<> append(const Context& context, const std::string& id, const EventBatch& batch) override {
    const auto lock = TRY(m_lock.condition(context, id));
    if (TRY(m_events.append(context, lock, batch)) == EventKeys::Appended::done) return {};
    return Error(ErrorCode::fenced, "another run has the lock, or has written that event");
  }

  Result<std::optional<SharedText>> read_shared(const Context& context, Shared what) override {
    return read_shared_text(context, *m_store, m_layout, what);
  }
  Result<> write_shared(const Context& context, Shared what, const std::optional<std::string>& revision,
                        const std::string& text) override {
    return write_shared_text(context, *m_store, m_layout, what, revision, text, m_random.uuid());
  }
  Result<std::optional<std::string>> read_alerts(const Context& context) override {
    auto found = TRY(read_key(context, *m_store, m_layout.alerts()));
    return found ? std::optional(std::move(found->value)) : std::nullopt;
  }
  Result<> write_alerts(const Context& context, const std::string& text) override {
    return put(context, m_layout.alerts(), text);
  }

  Result<std::vector<std::string>> workspaces(const Context& context) override {
    std::vector<std::string> names;
    const auto folder = m_layout.names();
    TRY(each_key(
        context, *m_store, keys_beneath(folder), [&] { names.clear(); },
        [&](const KeyValue& found) { names.push_back(found.key.substr(folder.size())); }));
    return names;
  }
  Result<> create(const Context& context) override { return put(context, m_layout.name(), m_workspace + "\n"); }
  /// The lock's key is beneath it as well: it is one step. The name is known for as long as that has not happened.
  Result<> remove(const Context& context, const std::string& id) override {
    TRY(m_lock.give_back(context, id, remove_keys(keys_beneath(m_layout.space()))));
    TRY(transact_surely(context, *m_store, m_clock, {{}, {remove_keys({m_layout.name()})}}));
    return {};
  }

 private:
  const Settings m_settings;
  const std::string m_workspace;
  const Layout m_layout;
  const std::shared_ptr<KeyValueStore> m_store;
  Clock& m_clock;
  Random& m_random;
  LeaseLock m_lock;
  DocumentKeys m_document;
  EventKeys m_events;

  /// What was tried last, under which lock: tried again it is the same write.
  struct Tried {
    std::string lock_id;
    std::string lineage;
    std::uint64_t serial = 0;
    std::string id;
  };
  std::mutex m_mutex;
  Tried m_tried;  ///< guarded by `m_mutex`

  std::string id_of_write(const std::string& lock_id, const StateDocument& next) {
    const std::scoped_lock guard(m_mutex);
    const bool is_again =
        m_tried.lock_id == lock_id && m_tried.lineage == next.lineage && m_tried.serial == next.serial;
    if (!is_again) m_tried = {lock_id, next.lineage, next.serial, m_random.uuid()};
    return m_tried.id;
  }
  Result<> put(const Context& context, const std::string& key, const std::string& text) {
    TRY(transact_surely(context, *m_store, m_clock, {{}, {put_key(key, text)}}));
    return {};
  }
};

}  // namespace

std::unique_ptr<Engine> open_engine(const Settings& settings, const std::string& workspace,
                                    std::shared_ptr<KeyValueStore> store, Clock& clock, Random& random) {
  return std::make_unique<EtcdEngine>(settings, workspace, std::move(store), clock, random);
}

}  // namespace trunkform::state::etcd
