#include "state/backends/local/local_lock.hpp"

#include <algorithm>

#include "schemas/codec/digest.hpp"
#include "schemas/codec/lock_codec.hpp"
#include "schemas/model/shell_word.hpp"
#include "state/backends/local/local_event_log.hpp"
#include "state/document/holder.hpp"

namespace trunkform::state {
namespace {

/// `holder` takes the lock for an instant to learn whether it is free, and must neither make an
/// `acquire` fail nor look like a run to another `holder`.
constexpr int k_attempts = 4;
constexpr Duration k_between_attempts = std::chrono::milliseconds(10);

/// The document of its file, an empty one where there is none; `basis`: the digest of that file.
Result<StateDocument> read_basis(LocalFolder& folder, std::optional<Fingerprint>& basis) {
  const auto bytes = TRY(read_file(folder.files, folder.paths));
  if (!bytes) return StateDocument{};
  basis = sha256(*bytes);
  return decode_file(folder.files, *bytes, folder.paths, *folder.seal);
}

}  // namespace

Result<std::unique_ptr<FileLock>> LocalLock::lock_file(const Context& context) {
  for (int attempt = 1;; ++attempt) {
    auto lock = m_folder->files.lock(m_folder->paths.lock);
    if (lock && (*lock)->still_ours()) return lock;
    const bool again = lock || lock.error().code == ErrorCode::lock_held;
    if (!again || attempt == k_attempts) {
      if (lock) return Error(ErrorCode::lock_held, m_folder->paths.lock.string() + " is being replaced");
      return lock;
    }
    TRY(m_folder->clock.sleep(context, k_between_attempts));
  }
}

Result<std::optional<LockInfo>> LocalLock::read_info() {
  auto bytes = m_folder->files.read(m_folder->paths.lock_info, 64 * 1024);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return std::optional<LockInfo>();
  if (!bytes) return std::move(bytes).error();
  return std::optional<LockInfo>(TRY(decode_lock_info(*bytes)));
}

Error LocalLock::held_by_another(Error cause) {
  const auto info = read_info();
  const bool known = info && *info;
  auto error = Error(ErrorCode::lock_held, "the state " + m_folder->paths.state.string() + " is locked",
                     known ? describe_holder(**info) : "the holder has not said who it is yet")
                   .hint("wait for it: -lock-timeout=5m")
                   .hint("a local lock ends with its process: if that process hangs, end it");
  return std::move(error).because(std::move(cause));
}

Result<> LocalLock::open_epoch(HeldLock& held) {
  auto& folder = *m_folder;
  const auto& events = folder.paths.events;
  // An unreadable document, and damage before the log's end, are `load`'s to report: `state push` must be able to lock
  // and mend them.
  auto document = read_basis(folder, held.basis);
  // Another key, or none, mends nothing, and an event of this run would be in another form than those before it.
  if (!document && is_refused(document.error())) return std::move(document.error());
  auto log = read_events(folder.files, events, document ? document->folded_through : k_only_the_end, *folder.seal);
  const bool is_whole = document && log;
  if (!is_whole) log = read_events(folder.files, events, k_only_the_end, *folder.seal);
  if (!log) return std::move(log.error());
  held.end = log->end;
  held.log = TRY(folder.files.open_append(events));
  if (held.end.torn > 0) TRY(held.log->truncate(held.end.size));
  // Where the log was lost or cut, its numbers go on after what the document has folded in, else they would be passed
  // over as old.
  if (document) held.end.last = std::max(held.end.last, document->folded_through);
  if (is_whole) held.ahead.emplace(fold(std::move(*document), log->events));
  held.fence = {held.info.id, held.end.last + 1};
  held.info.epoch = held.fence.epoch;
  Event opened;
  opened.time = folder.clock.now();
  opened.run = held.info.id;
  opened.actor = without_process(held.info.who);
  opened.body = EpochOpened{held.info.id, held.fence.epoch, held.end.torn};
  held.end.torn = 0;
  TRY(append_events(folder, held, std::span(&opened, 1)));
  return folder.files.replace(folder.paths.lock_info, encode_lock_info(held.info));
}

Result<Lease> LocalLock::acquire(const Context& context, const LockInfo& info) {
  const std::scoped_lock guard(m_folder->mutex);
  if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped before the state was locked");
  TRY(m_folder->files.create_directories(m_folder->paths.folder));
  auto file = lock_file(context);
  if (!file && file.error().code == ErrorCode::lock_held) return held_by_another(std::move(file).error());
  if (!file) return std::move(file).error();
  auto held = std::make_shared<HeldLock>();
  held->info = info;
  if (held->info.id.empty()) held->info.id = m_folder->random.uuid();
  if (held->info.path.empty()) held->info.path = m_folder->paths.state.string();
  held->file = std::move(*file);
  m_folder->broken.reset();
  TRY(open_epoch(*held));
  m_folder->held = held;
  return Lease{held->fence, held->lost.get_token(), held};
}

Result<> LocalLock::release(const Context&, Lease lease) {
  const std::scoped_lock guard(m_folder->mutex);
  auto held = m_folder->held;
  if (!held || held->fence.lock_id != lease.fence.lock_id || held->fence.epoch != lease.fence.epoch)
    return Error(ErrorCode::fenced, "this lock is not held any more");
  // Somebody else's note must stay: with another lock file, another run may hold that one.
  Result<> removed;
  if (held->file->still_ours()) removed = m_folder->files.remove(m_folder->paths.lock_info);
  held->log.reset();
  held->file.reset();
  m_folder->held.reset();
  if (removed || removed.error().code == ErrorCode::not_found) return {};
  return Error(ErrorCode::io,
               "the lock is free, but its note " + m_folder->paths.lock_info.string() + " is still there")
      .hint("rm " + shell_word(m_folder->paths.lock_info.string()))
      .because(std::move(removed).error());
}

Result<std::optional<LockInfo>> LocalLock::holder(const Context& context) {
  const std::scoped_lock guard(m_folder->mutex);
  if (m_folder->held) return std::optional(m_folder->held->info);
  if (!TRY(m_folder->files.exists(m_folder->paths.lock))) return std::optional<LockInfo>();
  // Another one's `holder` may have it for that same instant, and is no run.
  const auto tried = lock_file(context);
  if (tried) return std::optional<LockInfo>();
  if (tried.error().code != ErrorCode::lock_held) return tried.error();
  auto info = read_info();
  if (info && *info) return info;
  LockInfo unknown;
  unknown.who = "a process that has not said who it is yet";
  unknown.path = m_folder->paths.state.string();
  return std::optional(unknown);
}

Result<> LocalLock::break_lock(const Context& context, const std::string& lock_id) {
  const std::scoped_lock guard(m_folder->mutex);
  const auto info = TRY(read_info());
  if (info && info->id != lock_id) {
    return Error(ErrorCode::conflict, "the lock has another id", describe_holder(*info))
        .hint("if that is the one: trunkform force-unlock " + info->id);
  }
  if (!TRY(m_folder->files.exists(m_folder->paths.folder)))
    return Error(ErrorCode::not_found, "nothing is locked: there is no state in " + m_folder->paths.folder.string());
  auto file = lock_file(context);
  if (!file && file.error().code == ErrorCode::lock_held) {
    return Error(ErrorCode::unsupported, "a local lock cannot be broken while its process lives",
                 info ? describe_holder(*info) : "the holder has not said who it is")
        .hint("the operating system holds it and frees it when that process ends: end the process");
  }
  if (!file) return std::move(file).error();
  if (!info) return Error(ErrorCode::not_found, "nothing is locked").hint("run the command that you wanted to run");
  return m_folder->files.remove(m_folder->paths.lock_info);
}

}  // namespace trunkform::state
