#include "state/backends/s3/engine.hpp"

#include <mutex>

#include "state/backends/s3/conditions.hpp"
#include "state/backends/s3/document_object.hpp"
#include "state/backends/s3/event_objects.hpp"
#include "state/backends/s3/layout.hpp"
#include "state/backends/s3/lock_object.hpp"

namespace trunkform::state::s3 {
namespace {

Error fenced() { return Error(ErrorCode::fenced, "another run has the lock, or it was broken"); }

bool has(const std::optional<SeenLock>& seen, const std::string& lock_id) {
  return seen && seen->lock.holder && seen->lock.holder->id == lock_id;
}

class S3Engine final : public Engine {
 public:
  S3Engine(const Settings& settings, const std::string& workspace, std::shared_ptr<ObjectStore> store, Clock& clock,
           Random& random)
      : m_workspace(workspace),
        m_prefix(settings.prefix),
        m_layout(settings.prefix, workspace),
        m_objects(std::move(store), clock, random),
        m_lock(m_objects, m_layout.lock()) {}

  BackendCapabilities capabilities() const override {
    return {.append = true,
            .fence = true,
            .cas = true,
            .ttl = false,
            .ownership = true,
            .pacing = true,
            .versions = true,
            .workspaces = true};
  }
  std::string place() const override {
    return "S3 " + m_objects.store().place() + (m_prefix.empty() ? "" : "/" + m_prefix) + ", workspace " + m_workspace;
  }

  Result<> prepare(const Context& context) override {
    return probe_conditions(context, m_objects.store(), m_layout.trial(m_objects.fresh_id()));
  }
  Result<Instant> now(const Context& context) override { return m_objects.store().now(context, m_layout.lock()); }

  /// S3 lets nothing run out.
  Duration renewal() const override { return Duration::zero(); }
  Duration time_to_live() const override { return Duration::zero(); }

  Result<> take_lock(const Context& context, const LockInfo& info) override {
    const auto taken = TRY(m_lock.change(context, [&](const std::optional<SeenLock>& seen) -> Result<LockObject> {
      if (seen && seen->lock.holder && seen->lock.holder->id != info.id)
        return Error(ErrorCode::lock_held, "another run has the lock");
      return LockObject{seen ? seen->lock.generation : m_objects.fresh_id(), info};
    }));
    auto stamped = TRY(stamp_document(context, m_objects, m_layout.document(taken.lock.generation)));
    const std::scoped_lock guard(m_mutex);
    m_own = Own{info.id, std::move(stamped)};
    return {};
  }
  Result<> renew(const Context& context, const std::string& id) override {
    TRY(held(context, id));
    return {};
  }
  Result<> give_back(const Context& context, const std::string& id) override {
    {
      const std::scoped_lock guard(m_mutex);
      m_own.reset();
    }
    return free(context, [&](const std::optional<SeenLock>& seen) { return has(seen, id) ? Result<>() : fenced(); });
  }
  Result<std::optional<LockInfo>> holder(const Context& context) override {
    const auto seen = TRY(m_lock.read(context));
    return seen ? seen->lock.holder : std::nullopt;
  }
  Result<> break_lock(const Context& context, const std::string& id) override {
    return free(context, [&](const std::optional<SeenLock>& seen) -> Result<> {
      if (!seen || !seen->lock.holder)
        return Error(ErrorCode::not_found, "nothing is locked").hint("run the command that you wanted to run");
      return has(seen, id) ? Result<>() : Error(ErrorCode::conflict, "the lock has another id");
    });
  }

  Result<std::optional<StateDocument>> load(const Context& context) override {
    const auto seen = TRY(m_lock.read(context));
    if (!seen) return std::optional<StateDocument>();
    return load_document(context, m_objects, m_layout.document(seen->lock.generation));
  }
  Result<> write(const Context& context, const std::string& id, const StateDocument* before,
                 const StateDocument& next) override {
    const auto seen = TRY(held(context, id));
    const auto key = m_layout.document(seen.lock.generation);
    const std::scoped_lock guard(m_mutex);
    // After an answer that was lost it is looked at anew.
    const auto found = m_own && m_own->lock_id == id ? m_own->document : TRY(look_at_document(context, m_objects, key));
    m_own.reset();
    if (!found.may_follow(before)) return Error(ErrorCode::conflict, "another document is there");
    auto written = write_document(context, m_objects, key, found, next);
    if (written) {
      m_own = Own{id, std::move(*written)};
      return {};
    }
    if (written.error().code == ErrorCode::conflict) TRY(held(context, id));
    return std::move(written.error());
  }

  Result<std::vector<KeptDocument>> kept_documents(const Context& context, int most) override {
    const auto seen = TRY(m_lock.read(context));
    std::vector<KeptDocument> kept;
    if (!seen) return kept;
    const auto versions = TRY(m_objects.store().versions(context, m_layout.document(seen->lock.generation), most));
    for (const auto& version : versions)
      if (!version.is_removal) kept.push_back({version.id, version.written});
    return kept;
  }
  Result<std::optional<StateDocument>> kept_document(const Context& context, const std::string& version) override {
    const auto seen = TRY(m_lock.read(context));
    if (!seen) return std::optional<StateDocument>();
    return load_version(context, m_objects, m_layout.document(seen->lock.generation), version);
  }

  Result<EventBatch> events(const Context& context, Sequence after) override {
    const auto seen = TRY(m_lock.read(context));
    if (!seen) return EventBatch{};
    return read_events(context, m_objects, m_layout, seen->lock.generation, after);
  }
  Result<std::optional<EventBatch>> last_event(const Context& context) override {
    const auto seen = TRY(m_lock.read(context));
    if (!seen) return std::optional<EventBatch>();
    return read_last_event(context, m_objects, m_layout, seen->lock.generation);
  }
  Result<> append(const Context& context, const std::string& id, const EventBatch& batch) override {
    const auto seen = TRY(held(context, id));
    auto written = m_objects.put(context, m_layout.event(seen.lock.generation, batch.first), encode_batch(batch),
                                 WriteCondition::absent());
    if (written) return {};
    return written.error().code == ErrorCode::conflict ? fenced() : std::move(written.error());
  }

  Result<std::optional<SharedText>> read_shared(const Context& context, Shared what) override {
    auto found = TRY(m_objects.get(context, m_layout.shared(what)));
    if (!found) return std::optional<SharedText>();
    return std::optional(SharedText{TRY(found->content), found->etag});
  }
  Result<> write_shared(const Context& context, Shared what, const std::optional<std::string>& revision,
                        const std::string& text) override {
    TRY(m_objects.put(context, m_layout.shared(what), text,
                      revision ? WriteCondition::unchanged(*revision) : WriteCondition::absent()));
    return {};
  }
  Result<std::optional<std::string>> read_alerts(const Context& context) override {
    const auto seen = TRY(m_lock.read(context));
    auto found = seen ? TRY(m_objects.get(context, m_layout.alerts(seen->lock.generation))) : std::nullopt;
    if (!found) return std::optional<std::string>();
    return std::optional(TRY(found->content));
  }
  Result<> write_alerts(const Context& context, const std::string& text) override {
    const auto seen = TRY(m_lock.made(context));
    TRY(m_objects.put_surely(context, m_layout.alerts(seen.lock.generation), text, {}));
    return {};
  }

  Result<std::vector<std::string>> workspaces(const Context& context) override {
    std::vector<std::string> names;
    const auto folder = m_layout.names();
    TRY(m_objects.each_key(context, folder, [&](const std::string& key) -> Result<Objects::Go> {
      names.push_back(key.substr(folder.size()));
      return Objects::Go::on;
    }));
    return names;
  }
  Result<> create(const Context& context) override {
    TRY(m_objects.put_surely(context, m_layout.name(), m_workspace + "\n", {}));
    return {};
  }
  /// A new generation is the removal; what is deleted afterwards nobody reads any more.
  Result<> remove(const Context& context, const std::string& id) override {
    {
      const std::scoped_lock guard(m_mutex);
      m_own.reset();
    }
    const auto next = m_objects.fresh_id();
    TRY(m_lock.change(context, [&](const std::optional<SeenLock>& seen) -> Result<LockObject> {
      if (!has(seen, id)) return fenced();
      return LockObject{next};
    }));
    TRY(delete_all_but(context, next));
    // Under a name that was never made known `init` made its trial, and nobody comes again.
    const auto was_made = TRY(m_objects.get(context, m_layout.name()));
    return m_objects.store().remove(context, was_made ? m_layout.name() : m_layout.lock());
  }

 private:
  const std::string m_workspace;
  const std::string m_prefix;
  const Layout m_layout;
  mutable Objects m_objects;
  LockStore m_lock;
  /// The document as this engine wrote it last under this lock: what a write names without reading it again.
  struct Own {
    std::string lock_id;
    DocumentObject document;
  };
  std::mutex m_mutex;
  std::optional<Own> m_own;  ///< guarded by `m_mutex`

  Result<SeenLock> held(const Context& context, const std::string& id) {
    auto seen = TRY(m_lock.read(context));
    if (!has(seen, id)) return fenced();
    return std::move(*seen);
  }
  Result<> free(const Context& context, const std::function<Result<>(const std::optional<SeenLock>&)>& check) {
    TRY(m_lock.change(context, [&](const std::optional<SeenLock>& seen) -> Result<LockObject> {
      TRY(check(seen));
      return LockObject{seen->lock.generation};
    }));
    return {};
  }
  Result<> delete_all_but(const Context& context, const std::string& generation) {
    const auto kept = m_layout.of(generation);
    std::vector<std::string> keys;
    TRY(m_objects.each_key(context, m_layout.space(), [&](const std::string& key) -> Result<Objects::Go> {
      if (key != m_layout.lock() && !key.starts_with(kept)) keys.push_back(key);
      return Objects::Go::on;
    }));
    for (const auto& key : keys) TRY(m_objects.store().remove(context, key));
    return {};
  }
};

}  // namespace

std::unique_ptr<Engine> open_engine(const Settings& settings, const std::string& workspace,
                                    std::shared_ptr<ObjectStore> store, Clock& clock, Random& random) {
  return std::make_unique<S3Engine>(settings, workspace, std::move(store), clock, random);
}

}  // namespace trunkform::state::s3
