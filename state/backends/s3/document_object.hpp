#pragma once
// The document, in one object. Whoever takes the lock writes it again, unchanged but for its write id (a stamp): a
// write that an earlier holder still has under way names the ETag from before, and is refused. Not thread-safe.
#include <optional>
#include <string>

#include "schemas/model/state.hpp"
#include "state/backends/s3/objects.hpp"

namespace trunkform::state::s3 {

/// What is in the object, as far as it matters to who writes it next.
struct DocumentObject {
  /// `nothing`: a stamp alone, before the first document. `unreadable` may be written over where nothing else is
  /// expected to be there, which is how it is mended; what a later version wrote may not.
  enum class Kind { nothing, document, unreadable, of_later_version };
  Kind kind = Kind::nothing;
  std::string lineage{};
  std::uint64_t serial = 0;
  std::optional<std::string> etag{};  ///< none: there is no object

  WriteCondition unchanged() const { return etag ? WriteCondition::unchanged(*etag) : WriteCondition::absent(); }
  /// Whether a write that expects `before` (null: no document) may follow it.
  bool may_follow(const StateDocument* before) const;
};

Result<std::optional<StateDocument>> load_document(const Context& context, Objects& objects, const std::string& key);
Result<DocumentObject> look_at_document(const Context& context, Objects& objects, const std::string& key);
/// Writes it again as it is. Errors: conflict, where that goes on too long.
Result<DocumentObject> stamp_document(const Context& context, Objects& objects, const std::string& key);
/// Over what was `seen`. Errors: conflict, outcome_unknown.
Result<DocumentObject> write_document(const Context& context, Objects& objects, const std::string& key,
                                      const DocumentObject& seen, const StateDocument& next);

}  // namespace trunkform::state::s3
