#pragma once
// What the local backend's ports share: the files of one workspace, and the lock that this process holds on them.
// The ports own it together. Thread-safe where `mutex` is held.
#include <memory>
#include <mutex>
#include <optional>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/file_system.hpp"
#include "schemas/ports/lock.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/state_store.hpp"
#include "state/backends/local/event_file.hpp"
#include "state/backends/local/paths.hpp"
#include "state/document/fold.hpp"
#include "state/sealing/seal.hpp"

namespace trunkform::state {

/// From `acquire` to `release`. The log is open and positioned, so that an append is one write.
struct HeldLock {
  LockInfo info;
  Fence fence;
  std::stop_source lost;
  std::unique_ptr<FileLock> file;
  std::unique_ptr<AppendFile> log;
  LogEnd end;
  /// The document with every event, kept up to date with each append; none where it has to be read anew.
  std::optional<Folding> ahead;
  std::optional<Fingerprint> basis;  ///< of `ahead`: the digest of the document's file; none: there was no file
};

class LocalFolder {
 public:
  LocalFolder(FileSystem& files_port, Clock& clock_port, Random& random_port, LocalPaths local_paths,
              std::shared_ptr<Seal> seal_of_all)
      : files(files_port),
        clock(clock_port),
        random(random_port),
        paths(std::move(local_paths)),
        seal(std::move(seal_of_all)) {}

  FileSystem& files;
  Clock& clock;
  Random& random;
  const LocalPaths paths;
  const std::shared_ptr<Seal> seal;  ///< never null

  std::mutex mutex;
  std::shared_ptr<HeldLock> held;  ///< guarded by `mutex`
  std::optional<Error> broken;     ///< guarded by `mutex`: a write failed; what is on disk is no longer known

  /// To be asked before each write, with `mutex` held: the lock is held, it is the one of `fence`, its file is still
  /// the one under its name, and no write failed before. Errors: fenced, io.
  Result<> check_fence(const Fence& fence);
  /// Remembers a failed write: everything after it is refused.
  Error fail(Error error);
};

/// The document's file, none where there is none.
Result<std::optional<std::string>> read_file(FileSystem& files, const LocalPaths& paths);
/// What they hold, opened.
Result<StateDocument> decode_file(FileSystem& files, const std::string& bytes, const LocalPaths& paths, Seal& seal);

/// The document as its file has it, none where there is no file; without later events.
Result<std::optional<StateDocument>> read_document(FileSystem& files, const LocalPaths& paths, Seal& seal);

struct LoadedDocument {
  StateDocument document;
  bool events_lost = false;  ///< Snapshot::events_lost
};

/// With all events folded in; none where nothing was ever recorded.
Result<std::optional<LoadedDocument>> load_document(FileSystem& files, const LocalPaths& paths, Seal& seal);

}  // namespace trunkform::state
