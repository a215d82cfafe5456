#include "state/remote/sealed_engine.hpp"

#include <mutex>

namespace trunkform::state {
namespace {

std::string_view kind_of(Shared what) { return what == Shared::owners ? k_owners_text : k_pacing_text; }

class SealedEngine final : public Engine {
 public:
  SealedEngine(std::unique_ptr<Engine> engine, std::shared_ptr<Seal> seal)
      : m_engine(std::move(engine)), m_seal(std::move(seal)) {}

  BackendCapabilities capabilities() const override { return m_engine->capabilities(); }
  std::string place() const override { return m_engine->place(); }
  Result<> prepare(const Context& context) override { return m_engine->prepare(context); }
  Result<Instant> now(const Context& context) override { return m_engine->now(context); }
  Duration renewal() const override { return m_engine->renewal(); }
  Duration time_to_live() const override { return m_engine->time_to_live(); }
  Result<> take_lock(const Context& context, const LockInfo& info) override {
    return m_engine->take_lock(context, info);
  }
  Result<> renew(const Context& context, const std::string& id) override { return m_engine->renew(context, id); }
  Result<> give_back(const Context& context, const std::string& id) override {
    return m_engine->give_back(context, id);
  }
  Result<std::optional<LockInfo>> holder(const Context& context) override { return m_engine->holder(context); }
  bool tells_holder() const override { return m_engine->tells_holder(); }
  Result<> break_lock(const Context& context, const std::string& id) override {
    return m_engine->break_lock(context, id);
  }

  Result<std::optional<StateDocument>> load(const Context& context) override {
    auto stored = TRY(m_engine->load(context));
    if (!stored) return std::optional<StateDocument>();
    // What is not sealed is not kept a second time.
    auto opened = m_seal->encrypts() ? m_seal->open(*stored) : m_seal->open(std::move(*stored));
    if (!opened) return because_of(std::move(opened.error()));
    const std::scoped_lock guard(m_mutex);
    if (m_seal->encrypts()) m_stored = std::move(stored);
    return std::optional(std::move(*opened));
  }

  Result<std::vector<KeptDocument>> kept_documents(const Context& context, int most) override {
    return m_engine->kept_documents(context, most);
  }
  /// By a seal of its own: nothing that was kept is taken for what is in use.
  Result<std::optional<StateDocument>> kept_document(const Context& context, const std::string& id) override {
    auto stored = TRY(m_engine->kept_document(context, id));
    if (!stored) return std::optional<StateDocument>();
    auto opened = m_seal->apart()->open(std::move(*stored));
    if (!opened) return because_of(std::move(opened.error()));
    return std::optional(std::move(*opened));
  }

  /// Engines of rows put what differs: from what is there, which is sealed.
  Result<> write(const Context& context, const std::string& id, const StateDocument* before,
                 const StateDocument& next) override {
    if (!m_seal->encrypts()) return m_engine->write(context, id, before, next);
    auto stored = as_stored(before);
    if (before != nullptr && !stored) {
      TRY(load(context));
      stored = as_stored(before);
    }
    // Where another document is there now, what the engine is told is there is not, and it refuses.
    if (before != nullptr && !stored) return Error(ErrorCode::conflict, "another document is there");
    auto sealed = TRY(m_seal->seal(next));
    TRY(m_engine->write(context, id, stored ? &*stored : nullptr, sealed));
    const std::scoped_lock guard(m_mutex);
    m_stored = std::move(sealed);
    return {};
  }

  Result<EventBatch> events(const Context& context, Sequence after) override {
    TRY(look_for_keys(context));
    auto batch = TRY(m_engine->events(context, after));
    TRY(open(batch));
    return batch;
  }
  Result<std::optional<EventBatch>> last_event(const Context& context) override {
    TRY(look_for_keys(context));
    auto batch = TRY(m_engine->last_event(context));
    if (batch) TRY(open(*batch));
    return batch;
  }
  Result<> append(const Context& context, const std::string& id, const EventBatch& batch) override {
    if (!m_seal->encrypts()) return m_engine->append(context, id, batch);
    auto sealed = batch;
    for (auto& line : sealed.lines) line = TRY(m_seal->seal_line(line));
    return m_engine->append(context, id, sealed);
  }

  Result<std::optional<SharedText>> read_shared(const Context& context, Shared what) override {
    auto found = TRY(m_engine->read_shared(context, what));
    if (!found) return found;
    auto text = m_seal->open_text(kind_of(what), found->text);
    // A damaged pace holds nobody up: who reads it takes no text for none.
    if (!text && (what == Shared::owners || is_refused(text.error()))) return because_of(std::move(text.error()));
    found->text = text ? std::move(*text) : std::string();
    return found;
  }
  Result<> write_shared(const Context& context, Shared what, const std::optional<std::string>& revision,
                        const std::string& text) override {
    return m_engine->write_shared(context, what, revision, TRY(m_seal->seal_text(kind_of(what), text)));
  }
  Result<std::optional<std::string>> read_alerts(const Context& context) override {
    auto text = TRY(m_engine->read_alerts(context));
    if (!text) return text;
    return std::optional(TRY(m_seal->open_text(k_alerts_text, *text)));
  }
  Result<> write_alerts(const Context& context, const std::string& text) override {
    return m_engine->write_alerts(context, TRY(m_seal->seal_text(k_alerts_text, text)));
  }

  Result<std::vector<std::string>> workspaces(const Context& context) override { return m_engine->workspaces(context); }
  Result<> create(const Context& context) override { return m_engine->create(context); }
  Result<> remove(const Context& context, const std::string& id) override { return m_engine->remove(context, id); }

 private:
  const std::unique_ptr<Engine> m_engine;
  const std::shared_ptr<Seal> m_seal;
  std::mutex m_mutex;
  std::optional<StateDocument> m_stored;  ///< as the engine has it; guarded by the mutex

  std::optional<StateDocument> as_stored(const StateDocument* before) {
    const std::scoped_lock guard(m_mutex);
    if (before == nullptr || !m_stored) return std::nullopt;
    const bool is_it = m_stored->lineage == before->lineage && m_stored->serial == before->serial;
    return is_it ? m_stored : std::nullopt;
  }

  /// The document has the keys that the log is read with.
  Result<> look_for_keys(const Context& context) {
    if (!m_seal->lacks_document()) return {};
    // What is damaged is told by who asks for it; the log has keys of its own.
    if (auto looked = load(context); !looked && looked.error().code != ErrorCode::corrupt)
      return std::move(looked.error());
    return {};
  }

  Result<> open(EventBatch& batch) {
    for (auto& line : batch.lines) {
      auto opened = m_seal->open_line(line);
      if (!opened) return because_of(std::move(opened.error()));
      line = std::move(*opened);
    }
    return {};
  }

  Error because_of(Error error) const {
    if (error.code != ErrorCode::internal) error.summary += ", in " + m_engine->place();
    return error;
  }
};

}  // namespace

std::unique_ptr<Engine> seal_engine(std::unique_ptr<Engine> engine, std::shared_ptr<Seal> seal) {
  return std::make_unique<SealedEngine>(std::move(engine), std::move(seal));
}

}  // namespace trunkform::state
