#include "state/backends/local/folder.hpp"

#include "schemas/codec/state_codec.hpp"
#include "state/document/fold.hpp"

namespace trunkform::state {

Result<> LocalFolder::check_fence(const Fence& fence) {
  if (broken) {
    return Error(ErrorCode::io, "nothing more is written: an earlier write failed",
                 "what the disk holds is no longer known to this process")
        .hint("end this run and mend the cause; the next run reads what is durable and resumes from there")
        .because(*broken);
  }
  const auto fenced = [&](std::string why) {
    return Error(ErrorCode::fenced, "this run no longer holds the lock of " + paths.state.string(), std::move(why))
        .hint("nothing more is written; run trunkform plan to see where things stand");
  };
  if (!held || !held->file) return fenced("the lock was given back");
  if (held->fence.lock_id != fence.lock_id || held->fence.epoch != fence.epoch)
    return fenced("another run opened epoch " + std::to_string(held->fence.epoch) + " after epoch " +
                  std::to_string(fence.epoch));
  if (!held->file->still_ours()) {
    held->lost.request_stop();
    return fenced("the lock file " + paths.lock.string() + " was removed or replaced; it must never be");
  }
  return {};
}

Error LocalFolder::fail(Error error) {
  broken = error;
  return error;
}

Result<std::optional<std::string>> read_file(FileSystem& files, const LocalPaths& paths) {
  auto bytes = files.read(paths.state);
  if (!bytes && bytes.error().code == ErrorCode::not_found) return std::optional<std::string>();
  if (!bytes) return std::move(bytes).error();
  return std::optional(std::move(*bytes));
}

Result<StateDocument> decode_file(const std::string& bytes, const LocalPaths& paths) {
  auto document = decode_state(bytes);
  if (document) return document;
  auto error = std::move(document).error();
  error.summary = "cannot read " + paths.state.string() + ": " + error.summary;
  if (error.code == ErrorCode::corrupt) {
    error.hints.push_back("go back to the document before it: cp " + shell_quoted(paths.state) + " " +
                          shell_quoted(paths.damaged) + " && cp " + shell_quoted(paths.backup) + " " +
                          shell_quoted(paths.state) + "; the event log brings it up to date");
  }
  return error;
}

Result<std::optional<StateDocument>> read_document(FileSystem& files, const LocalPaths& paths) {
  const auto bytes = TRY(read_file(files, paths));
  if (!bytes) return std::optional<StateDocument>();
  return std::optional(TRY(decode_file(*bytes, paths)));
}

Result<std::optional<LoadedDocument>> load_document(FileSystem& files, const LocalPaths& paths) {
  auto document = TRY(read_document(files, paths));
  const bool written = document.has_value();
  auto base = std::move(document).value_or(StateDocument{});
  auto log = TRY(read_events(files, paths.events, base.folded_through));
  const bool lost = written && (log.gap || log.end.last < base.folded_through);
  auto folded = fold(std::move(base), log.events);
  // A log with nothing but epochs and runs is what an interrupted first `plan -out` or `apply` leaves.
  if (!written && folded.resources.empty() && folded.open_intents.empty()) return std::optional<LoadedDocument>();
  return std::optional(LoadedDocument{std::move(folded), lost});
}

}  // namespace trunkform::state
