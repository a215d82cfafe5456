#include "state/backends/local/local_state_store.hpp"

#include <algorithm>

#include "schemas/codec/digest.hpp"
#include "schemas/codec/state_codec.hpp"
#include "schemas/model/shell_word.hpp"
#include "state/document/commit.hpp"
#include "state/document/fold.hpp"

namespace trunkform::state {
BackendCapabilities LocalStateStore::capabilities() const {
  BackendCapabilities capabilities;
  capabilities.append = capabilities.fence = capabilities.cas = capabilities.ownership = capabilities.pacing =
      capabilities.workspaces = true;
  return capabilities;
}

Result<std::optional<Snapshot>> LocalStateStore::load(const Context&) {
  auto loaded = TRY(load_document(m_folder->files, m_folder->paths, *m_folder->seal));
  if (!loaded) return std::optional<Snapshot>();
  auto& document = loaded->document;
  if (document.lineage.empty()) {
    const std::scoped_lock guard(m_folder->mutex);
    if (m_new_lineage.empty()) m_new_lineage = m_folder->random.uuid();
    document.lineage = m_new_lineage;
  }
  StateToken token{document.lineage, document.serial};
  return std::optional(Snapshot{std::move(document), std::move(token), loaded->events_lost});
}

Result<StateToken> LocalStateStore::commit(const Context&, const Fence& fence, const StateToken& token,
                                           const StateDelta& delta) {
  const std::scoped_lock guard(m_folder->mutex);
  TRY(m_folder->check_fence(fence));
  auto& held = *m_folder->held;
  auto before = TRY(read_file(m_folder->files, m_folder->paths));
  const bool is_whole = !delta.folded_through || *delta.folded_through >= held.end.last;
  const bool is_known = held.ahead && held.basis == (before ? std::optional(sha256(*before)) : std::nullopt);
  StateDocument document;
  if (is_known && is_whole) {
    TRY(check_token(before ? &held.ahead->document() : nullptr, token));
    document = std::move(*std::exchange(held.ahead, std::nullopt)).take();
  } else {
    held.ahead.reset();
    if (before) document = TRY(decode_file(m_folder->files, *before, m_folder->paths, *m_folder->seal));
    TRY(check_token(before ? &document : nullptr, token));
    document = TRY(folded(std::move(document), delta));
  }
  document = TRY(committed(std::move(document), delta, token, held.end.last));
  TRY(write(fence, document, std::move(before), Kept::as_backup));
  StateToken next{document.lineage, document.serial};
  if (is_whole) held.ahead.emplace(std::move(document));
  return next;
}

Result<StateDocument> LocalStateStore::folded(StateDocument document, const StateDelta& delta) const {
  auto log = TRY(read_events(m_folder->files, m_folder->paths.events, document.folded_through, *m_folder->seal));
  const auto last = std::min(delta.folded_through.value_or(log.end.last), log.end.last);
  return fold(std::move(document), through(std::move(log.events), last));
}

Result<StateToken> LocalStateStore::replace(const Context&, const Fence& fence, const StateToken& token,
                                            const StateDocument& document) {
  const std::scoped_lock guard(m_folder->mutex);
  TRY(m_folder->check_fence(fence));
  auto bytes = TRY(read_file(m_folder->files, m_folder->paths));
  auto found = bytes ? decode_file(m_folder->files, *bytes, m_folder->paths, *m_folder->seal) : StateDocument{};
  if (!found && found.error().code != ErrorCode::corrupt) return std::move(found).error();
  // An unreadable document has no token to compare with: pushing over it is how it is mended.
  if (found) TRY(check_token(bytes ? &*found : nullptr, token));
  TRY(check_pushed(document, token));
  auto before = found ? std::move(*found) : StateDocument{};
  auto log = TRY(read_events(m_folder->files, m_folder->paths.events, before.folded_through, *m_folder->seal));
  const auto next =
      pushed(document, fold(std::move(before), log.events), std::max(log.end.last, m_folder->held->end.last));
  m_folder->held->ahead.reset();
  TRY(write(fence, next, std::move(bytes), found ? Kept::as_backup : Kept::as_damaged));
  m_folder->held->ahead.emplace(next);
  return StateToken{next.lineage, next.serial};
}

Result<> LocalStateStore::write(const Fence& fence, const StateDocument& document, std::optional<std::string> before,
                                Kept kept) {
  const auto bytes = encode_state(TRY(m_folder->seal->seal(document)));
  auto& files = m_folder->files;
  const auto& paths = m_folder->paths;
  // What was in the clear until now does not stay beside what is encrypted.
  if (before && kept == Kept::as_backup && m_folder->seal->saw_plain())
    if (auto was = TRY(decode_state(*before)); !was.sealed) before = encode_state(TRY(m_folder->seal->seal(was)));
  // Only what can be read is worth going back to.
  if (before)
    if (auto done = files.replace(kept == Kept::as_backup ? paths.backup : paths.damaged, *before); !done)
      return keep_beside(bytes, std::move(done).error());
  before.reset();
  TRY(m_folder->check_fence(fence));
  if (auto written = files.replace(paths.state, bytes); !written) return keep_beside(bytes, std::move(written).error());
  m_folder->held->basis = sha256(bytes);
  return {};
}

Error LocalStateStore::keep_beside(const std::string& bytes, Error cause) {
  const auto& paths = m_folder->paths;
  const bool kept = m_folder->files.replace(paths.recovery, bytes).has_value();
  auto error = Error(ErrorCode::io, "cannot write the state " + paths.state.string(),
                     kept ? "what it should hold was written to " + paths.recovery.string()
                          : "the recovery file " + paths.recovery.string() + " could not be written either")
                   .hint("what was done is in the event log: mend the cause, then run trunkform plan, which reads it");
  if (kept) {
    error.hints.push_back("or put it in its place: trunkform state push " + shell_word(paths.recovery.string()));
  }
  return m_folder->fail(std::move(error).because(std::move(cause)));
}

}  // namespace trunkform::state
