#pragma once
// Blobs in a container, as Azure has them: read, written and removed whole, or appended to at a place that is named;
// each may be leased for a while, and has notes beside its bytes. Reads and lists see what was written last.
// Thread-safe.
//
// Errors beside those named: denied, throttled, unavailable, rejected, protocol, cancelled, timeout; not_found where
// there is no such container. A write whose answer was lost is outcome_unknown, where doing it again could do harm.
// With a lease's id: fenced, where it is not that lease, or has run out.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/object_store.hpp"

namespace trunkform {

/// By names of small letters, digits and `_`; values of visible ASCII. Of everything that is written, in all some KB.
using BlobNotes = std::map<std::string, std::string>;

struct BlobFacts {
  std::string etag;  ///< of this one write: no other has it
  BlobNotes notes{};
  bool is_leased = false;
  std::uint64_t size = 0;
};

struct StoredBlob {
  BlobFacts facts;
  std::string bytes;
};

struct ListedBlob {
  std::string name;
  std::uint64_t size = 0;
};
struct BlobPage {
  std::vector<ListedBlob> blobs;  ///< in the order of their names' bytes
  std::string next;               ///< where the list goes on; empty: it does not
};

class BlobStore {
 public:
  virtual ~BlobStore() = default;
  /// For messages: `opsstate.blob.core.windows.net/state`.
  virtual std::string place() const = 0;

  /// None: there is no such blob.
  virtual Result<std::optional<StoredBlob>> get(const Context& context, const std::string& name) = 0;
  /// Its bytes from `offset` on.
  virtual Result<std::optional<std::string>> get_from(const Context& context, const std::string& name,
                                                      std::uint64_t offset) = 0;
  /// `lease`: empty, or one that must be the blob's now.
  virtual Result<std::optional<BlobFacts>> look(const Context& context, const std::string& name,
                                                const std::string& lease = {}) = 0;
  /// The ETag of what was written. `lease`: empty for a blob that nobody has leased. Error: conflict.
  virtual Result<std::string> put(const Context& context, const std::string& name, const std::string& bytes,
                                  const BlobNotes& notes, const WriteCondition& condition,
                                  const std::string& lease = {}) = 0;
  /// Other notes, which gives it another ETag.
  virtual Result<> put_notes(const Context& context, const std::string& name, const BlobNotes& notes,
                             const std::string& lease) = 0;
  /// Done where it is not there. Error: conflict.
  virtual Result<> remove(const Context& context, const std::string& name, const WriteCondition& condition = {},
                          const std::string& lease = {}) = 0;
  /// Names that begin with `prefix`, at most `most` (1 to 1000); `next`: empty, or of the page before.
  virtual Result<BlobPage> list(const Context& context, const std::string& prefix, const std::string& next,
                                int most) = 0;

  /// Leases it under an id (a UUID) that is the caller's own; again under the same, for that long anew. Errors:
  /// lock_held; not_found, where there is no such blob.
  virtual Result<> lease(const Context& context, const std::string& name, const std::string& id, Duration duration) = 0;
  virtual Result<> renew_lease(const Context& context, const std::string& name, const std::string& id) = 0;
  virtual Result<> release_lease(const Context& context, const std::string& name, const std::string& id) = 0;

  /// A blob without bytes that can be appended to. Error: conflict, where there is one of that name.
  virtual Result<> create_log(const Context& context, const std::string& name, const BlobNotes& notes) = 0;
  /// In one step, where so many bytes are there as `offset` says. How many appends it has by now. Errors: conflict;
  /// not_found, where there is no such blob.
  virtual Result<std::uint64_t> append(const Context& context, const std::string& name, std::uint64_t offset,
                                       const std::string& bytes) = 0;

  /// By the store's own clock, to the second: it is asked for `name`, which need not be there.
  virtual Result<Instant> now(const Context& context, const std::string& name) = 0;
};

}  // namespace trunkform
