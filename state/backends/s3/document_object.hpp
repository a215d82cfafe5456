#pragma once
// The document, in one object. Whoever takes the lock writes it again, unchanged but for its write id (a stamp): a
// write that an earlier holder still has under way names the ETag from before, and is refused. Not thread-safe.
#include <optional>
#include <string>

#include "state/backends/s3/objects.hpp"
#include "state/remote/seen_document.hpp"

namespace trunkform::state::s3 {

struct DocumentObject : SeenDocument {
  std::optional<std::string> etag{};  ///< none: there is no object

  WriteCondition unchanged() const { return etag ? WriteCondition::unchanged(*etag) : WriteCondition::absent(); }
};

Result<std::optional<StateDocument>> load_document(const Context& context, Objects& objects, const std::string& key);
/// As the bucket keeps it under a version id.
Result<std::optional<StateDocument>> load_version(const Context& context, Objects& objects, const std::string& key,
                                                  const std::string& id);
Result<DocumentObject> look_at_document(const Context& context, Objects& objects, const std::string& key);
/// Writes it again as it is. Errors: conflict, where that goes on too long.
Result<DocumentObject> stamp_document(const Context& context, Objects& objects, const std::string& key);
/// Over what was `seen`. Errors: conflict, outcome_unknown.
Result<DocumentObject> write_document(const Context& context, Objects& objects, const std::string& key,
                                      const DocumentObject& seen, const StateDocument& next);

}  // namespace trunkform::state::s3
