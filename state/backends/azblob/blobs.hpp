#pragma once
// The blobs of a state: each with the number of its format and an id of its last write among its notes, so that a
// conditional write is not taken for lost where it was our own that was there first. Thread-safe.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "schemas/ports/blob_store.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::state::azblob {

inline constexpr const char* k_format_note = "trunkform_format";
inline constexpr const char* k_write_note = "trunkform_write";

class Blobs {
 public:
  /// `clock` and `random` are borrowed.
  Blobs(std::shared_ptr<BlobStore> store, Clock& clock, Random& random)
      : m_store(std::move(store)), m_clock(clock), m_random(random) {}

  /// Errors: corrupt (none of ours), unsupported (of a later format).
  Result<std::optional<StoredBlob>> get(const Context& context, const std::string& name);
  /// The ETag of what was written. Errors: conflict, fenced, outcome_unknown.
  Result<std::string> put(const Context& context, const std::string& name, const std::string& bytes, BlobNotes notes,
                          const WriteCondition& condition, const std::string& lease = {});
  /// The same, and what became of a lost answer is found out here.
  Result<std::string> put_surely(const Context& context, const std::string& name, const std::string& bytes,
                                 BlobNotes notes, const WriteCondition& condition, const std::string& lease = {});
  /// Each blob beneath `prefix`, until `use` says that it is enough.
  enum class Go { on, no_further };
  Result<> each(const Context& context, const std::string& prefix,
                const std::function<Result<Go>(const ListedBlob& blob)>& use);

  std::string fresh_id() { return m_random.uuid(); }
  BlobStore& store() { return *m_store; }
  Clock& clock() { return m_clock; }

 private:
  std::shared_ptr<BlobStore> m_store;
  Clock& m_clock;
  Random& m_random;

  BlobNotes stamped(BlobNotes notes);
  Result<std::string> put_stamped(const Context& context, const std::string& name, const std::string& bytes,
                                  const BlobNotes& notes, const WriteCondition& condition, const std::string& lease);
};

/// Notes with the number of this format.
BlobNotes of_this_format(BlobNotes notes);
/// Errors: corrupt, unsupported; `name` for messages.
Result<> check_format(const std::string& name, const BlobNotes& notes);

}  // namespace trunkform::state::azblob
