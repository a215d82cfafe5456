#include "state/backends/azblob/engine.hpp"

#include <mutex>

#include "schemas/codec/state_codec.hpp"
#include "state/backends/azblob/conditions.hpp"
#include "state/backends/azblob/event_writer.hpp"
#include "state/backends/azblob/state_blob.hpp"
#include "state/remote/epoch.hpp"
#include "state/remote/seen_document.hpp"

namespace trunkform::state::azblob {
namespace {

constexpr int k_lock_rounds = 10;

class AzblobEngine final : public Engine {
 public:
  AzblobEngine(const Settings& settings, const std::string& workspace, std::shared_ptr<BlobStore> store, Clock& clock,
               Random& random)
      : m_workspace(workspace),
        m_settings(settings),
        m_layout(settings.prefix, workspace),
        m_blobs(std::move(store), clock, random),
        m_writer(m_blobs, m_layout, settings.appends_a_blob) {}

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
    const auto& prefix = m_settings.prefix;
    return "Azure Blob " + m_blobs.store().place() + (prefix.empty() ? "" : "/" + prefix) + ", workspace " +
           m_workspace;
  }

  Result<> prepare(const Context& context) override {
    return probe_conditions(context, m_blobs, m_layout.trial(m_blobs.fresh_id()), m_settings.time_to_live);
  }
  Result<Instant> now(const Context& context) override { return store().now(context, m_layout.state()); }

  Duration renewal() const override { return m_settings.time_to_live / 3; }
  Duration time_to_live() const override { return m_settings.time_to_live; }

  Result<> take_lock(const Context& context, const LockInfo& info) override {
    const auto lease = lease_id_of(info.id);
    for (int round = 1;; ++round) {
      TRY(made(context));
      auto leased = store().lease(context, m_layout.state(), lease, m_settings.time_to_live);
      if (leased) break;
      // Its workspace was removed just now.
      if (leased.error().code != ErrorCode::not_found || round == k_lock_rounds) return leased;
    }
    auto entered = enter(context, info, lease);
    if (!entered && entered.error().code != ErrorCode::outcome_unknown)
      (void)store().release_lease(context, m_layout.state(), lease);  // what failed is what is told
    return entered;
  }
  /// For no longer than the next one is waited for: one that hangs must not use up the lease.
  Result<> renew(const Context& context, const std::string& id) override {
    auto bounded = context;
    bounded.deadline = m_blobs.clock().now() + renewal();
    return as_fenced(store().renew_lease(bounded, m_layout.state(), lease_id_of(id)));
  }
  Result<> give_back(const Context& context, const std::string& id) override {
    forget();
    return as_fenced(release(context, id));
  }
  Result<std::optional<LockInfo>> holder(const Context& context) override {
    const auto seen = TRY(look(context));
    if (!seen || !seen->facts.is_leased) return std::optional<LockInfo>();
    if (seen->noted) {
      const auto is_theirs = store().look(context, m_layout.state(), lease_id_of(seen->noted->id));
      if (is_theirs && *is_theirs) return seen->noted;
      if (!is_theirs && is_theirs.error().code != ErrorCode::fenced) return is_theirs.error();
    }
    return Error(ErrorCode::lock_held, "somebody has leased " + m_layout.state() + ", and has not said who it is")
        .hint("ask again in a moment; where it stays so, free it: az storage blob lease break");
  }
  /// A lease is released by its id alone: nobody else's is.
  Result<> break_lock(const Context& context, const std::string& id) override {
    const auto seen = TRY(look(context));
    if (!seen || !seen->facts.is_leased)
      return Error(ErrorCode::not_found, "nothing is locked").hint("run the command that you wanted to run");
    auto released = as_fenced(release(context, id));
    if (released || released.error().code != ErrorCode::fenced) return released;
    return Error(ErrorCode::conflict, "the lock has another id");
  }

  Result<std::optional<StateDocument>> load(const Context& context) override {
    const auto found = TRY(store().get(context, m_layout.state()));
    if (!found) return std::optional<StateDocument>();
    auto seen = TRY(state_blob_of(m_layout.state(), found->facts));
    if (found->bytes.empty()) return remembered(std::move(seen.facts), SeenDocument{}, std::nullopt);
    auto document = decode_state(found->bytes);
    if (!document) {
      (void)remembered(std::move(seen.facts), state::seen(document.error()), std::nullopt);
      return std::move(document.error());
    }
    auto known = state::seen(*document);
    return remembered(std::move(seen.facts), std::move(known), std::move(*document));
  }
  Result<> write(const Context& context, const std::string& id, const StateDocument* before,
                 const StateDocument& next) override {
    const std::scoped_lock guard(m_mutex);
    for (bool again = false;; again = true) {
      // Where it is not as it was seen last, it is looked at once more.
      const bool is_known = m_document.has_value();
      auto seen = is_known ? *std::exchange(m_document, std::nullopt) : TRY(look_at_document(context));
      if (!seen.may_follow(before)) {
        if (is_known) continue;
        TRY(held(context, id));
        return Error(ErrorCode::conflict, "another document is there");
      }
      auto written = m_blobs.put(context, m_layout.state(), encode_state(next), seen.notes,
                                 WriteCondition::unchanged(seen.etag), lease_id_of(id));
      if (written) {
        m_document = Document{state::seen(next), std::move(*written), std::move(seen.notes)};
        return {};
      }
      if (written.error().code == ErrorCode::fenced) return lease_ended();
      if (written.error().code != ErrorCode::conflict) return std::move(written.error());
      TRY(held(context, id));
      if (again) return std::move(written.error());
    }
  }

  Result<EventBatch> events(const Context& context, Sequence after) override {
    const auto seen = TRY(look(context));
    if (!seen) return EventBatch{};
    return read_events(context, m_blobs, m_layout, seen->generation, after);
  }
  Result<std::optional<EventBatch>> last_event(const Context& context) override {
    const auto seen = TRY(look(context));
    if (!seen) return std::optional<EventBatch>();
    return read_last_event(context, m_blobs, m_layout, seen->generation);
  }
  Result<> append(const Context& context, const std::string& id, const EventBatch& batch) override {
    const auto seen = TRY(held(context, id));
    const std::scoped_lock guard(m_mutex);
    return m_writer.append(context, seen.generation, id, batch);
  }

  Result<std::optional<SharedText>> read_shared(const Context& context, Shared what) override {
    auto found = TRY(m_blobs.get(context, m_layout.shared(what)));
    if (!found) return std::optional<SharedText>();
    return std::optional(SharedText{std::move(found->bytes), std::move(found->facts.etag)});
  }
  Result<> write_shared(const Context& context, Shared what, const std::optional<std::string>& revision,
                        const std::string& text) override {
    TRY(m_blobs.put(context, m_layout.shared(what), text, {},
                    revision ? WriteCondition::unchanged(*revision) : WriteCondition::absent()));
    return {};
  }
  Result<std::optional<std::string>> read_alerts(const Context& context) override {
    const auto seen = TRY(look(context));
    auto found = seen ? TRY(m_blobs.get(context, m_layout.alerts(seen->generation))) : std::nullopt;
    return found ? std::optional(std::move(found->bytes)) : std::nullopt;
  }
  Result<> write_alerts(const Context& context, const std::string& text) override {
    const auto seen = TRY(made(context));
    TRY(m_blobs.put_surely(context, m_layout.alerts(seen.generation), text, {}, {}));
    return {};
  }

  Result<std::vector<std::string>> workspaces(const Context& context) override {
    std::vector<std::string> names;
    const auto folder = m_layout.names();
    TRY(m_blobs.each(context, folder, [&](const ListedBlob& blob) -> Result<Blobs::Go> {
      names.push_back(blob.name.substr(folder.size()));
      return Blobs::Go::on;
    }));
    return names;
  }
  Result<> create(const Context& context) override {
    TRY(m_blobs.put_surely(context, m_layout.name(), m_workspace + "\n", {}, {}));
    return {};
  }
  /// A new generation is the removal; what is deleted afterwards nobody reads any more.
  Result<> remove(const Context& context, const std::string& id) override {
    forget();
    const auto lease = lease_id_of(id);
    const auto seen = TRY(held(context, id));
    const auto* holder = seen.noted ? &*seen.noted : nullptr;
    TRY(as_fenced(
        m_blobs.put_surely(context, m_layout.state(), {}, state_notes(m_blobs.fresh_id(), holder), {}, lease)));
    TRY(delete_all_but_the_state(context, id));
    TRY(store().remove(context, m_layout.name()));
    return as_fenced(store().remove(context, m_layout.state(), {}, lease));
  }

 private:
  /// As it was last read or written.
  struct Document : SeenDocument {
    std::string etag;
    BlobNotes notes;
  };

  const std::string m_workspace;
  const Settings m_settings;
  const Layout m_layout;
  mutable Blobs m_blobs;
  std::mutex m_mutex;
  EventWriter m_writer;                ///< guarded by `m_mutex`
  std::optional<Document> m_document;  ///< guarded by `m_mutex`

  BlobStore& store() { return m_blobs.store(); }
  void forget() {
    const std::scoped_lock guard(m_mutex);
    m_document.reset();
    m_writer.forget();
  }
  /// Whose blob is not there any more has no lease of it.
  template <class T>
  static Result<> as_fenced(const Result<T>& done) {
    if (done) return {};
    const auto code = done.error().code;
    return code == ErrorCode::fenced || code == ErrorCode::not_found ? lease_ended() : done.error();
  }

  Result<std::optional<StateBlob>> look(const Context& context) {
    return look_at_state(context, m_blobs, m_layout.state());
  }
  Result<StateBlob> held(const Context& context, const std::string& id) {
    return held_state(context, m_blobs, m_layout.state(), id);
  }
  Result<StateBlob> made(const Context& context) { return made_state(context, m_blobs, m_layout.state()); }
  /// What the lease alone does not do: an earlier holder's events end here, then it is said who has it. The notes give
  /// the document another ETag, so that an earlier holder's write of it fails, whatever became of his lease.
  Result<> enter(const Context& context, const LockInfo& info, const std::string& lease) {
    const std::scoped_lock guard(m_mutex);
    m_document.reset();
    const auto seen = TRY(held(context, info.id));
    TRY(m_writer.take_over(context, seen.generation, info.id));
    return as_fenced(store().put_notes(context, m_layout.state(), state_notes(seen.generation, &info), lease));
  }
  Result<> release(const Context& context, const std::string& id) {
    const auto lease = lease_id_of(id);
    return until_known(
        context, m_blobs.clock(), [&] { return store().release_lease(context, m_layout.state(), lease); },
        [&]() -> Result<bool> {
          const auto seen = store().look(context, m_layout.state(), lease);
          if (!seen && seen.error().code != ErrorCode::fenced) return seen.error();
          return !seen || !*seen;
        });
  }
  Result<std::optional<StateDocument>> remembered(BlobFacts facts, SeenDocument seen,
                                                  std::optional<StateDocument> document) {
    const std::scoped_lock guard(m_mutex);
    m_document = Document{std::move(seen), std::move(facts.etag), std::move(facts.notes)};
    return document;
  }
  Result<Document> look_at_document(const Context& context) {
    auto found = TRY(store().get(context, m_layout.state()));
    if (!found) return lease_ended();
    auto seen = TRY(state_blob_of(m_layout.state(), std::move(found->facts)));
    return Document{seen_document(std::move(found->bytes)), std::move(seen.facts.etag), std::move(seen.facts.notes)};
  }
  Result<> delete_all_but_the_state(const Context& context, const std::string& id) {
    auto renewed = m_blobs.clock().monotonic();
    return m_blobs.each(context, m_layout.space(), [&](const ListedBlob& blob) -> Result<Blobs::Go> {
      if (blob.name == m_layout.state()) return Blobs::Go::on;
      TRY(store().remove(context, blob.name));
      if (m_blobs.clock().monotonic() - renewed < renewal()) return Blobs::Go::on;
      TRY(renew(context, id));
      renewed = m_blobs.clock().monotonic();
      return Blobs::Go::on;
    });
  }
};

}  // namespace

std::unique_ptr<Engine> open_engine(const Settings& settings, const std::string& workspace,
                                    std::shared_ptr<BlobStore> store, Clock& clock, Random& random) {
  return std::make_unique<AzblobEngine>(settings, workspace, std::move(store), clock, random);
}

}  // namespace trunkform::state::azblob
