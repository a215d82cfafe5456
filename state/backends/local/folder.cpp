#include "state/backends/local/folder.hpp"

#include "schemas/codec/state_codec.hpp"
#include "schemas/model/shell_word.hpp"
#include "state/document/commit.hpp"
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

namespace {

/// Of what is kept beside a document that cannot be read, the ways back, nearest first.
std::vector<std::string> ways_back(FileSystem& files, const LocalPaths& paths) {
  const auto state = shell_word(paths.state.string());
  const auto away = shell_word(paths.damaged.string());
  std::vector<std::string> hints;
  if (const auto backup = files.exists(paths.backup); backup && *backup)
    hints.push_back("go back to the document before it: cp " + state + " " + away + " && cp " +
                    shell_word(paths.backup.string()) + " " + state + "; the event log brings it up to date");
  else if (const auto events = files.exists(paths.events); events && *events)
    hints.push_back("there is no document before it; move it away: mv " + state + " " + away +
                    "; the event log brings back what it recorded: trunkform state list; what it does not: trunkform "
                    "import ADDR TRUNK_ID");
  else
    hints.push_back(
        "neither a document before it nor the event log is here; move it away: mv " + state + " " + away +
        "; then record what is on each trunk: trunkform import ADDR TRUNK_ID (trunkform inventory has the ids)");
  hints.emplace_back("or put a copy of yours in its place: trunkform state push -force FILE");
  return hints;
}

}  // namespace

Result<StateDocument> decode_file(FileSystem& files, const std::string& bytes, const LocalPaths& paths, Seal& seal) {
  auto document = decode_state(bytes);
  if (document) document = seal.open(std::move(*document));
  if (document) return document;
  auto error = std::move(document).error();
  error.summary = "cannot read " + paths.state.string() + ": " + error.summary;
  if (error.code == ErrorCode::corrupt)
    for (auto& hint : ways_back(files, paths)) error.hints.push_back(std::move(hint));
  return error;
}

Result<std::optional<StateDocument>> read_document(FileSystem& files, const LocalPaths& paths, Seal& seal) {
  const auto bytes = TRY(read_file(files, paths));
  if (!bytes) return std::optional<StateDocument>();
  return std::optional(TRY(decode_file(files, *bytes, paths, seal)));
}

Result<std::optional<LoadedDocument>> load_document(FileSystem& files, const LocalPaths& paths, Seal& seal) {
  auto document = TRY(read_document(files, paths, seal));
  const bool written = document.has_value();
  auto base = std::move(document).value_or(StateDocument{});
  auto log = TRY(read_events(files, paths.events, base.folded_through, seal));
  const bool lost = written && (log.gap || log.end.last < base.folded_through);
  auto folded = fold(std::move(base), log.events);
  if (!written && says_nothing(folded)) return std::optional<LoadedDocument>();
  return std::optional(LoadedDocument{std::move(folded), lost});
}

}  // namespace trunkform::state
