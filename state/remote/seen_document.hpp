#pragma once
// What is in the one object that an engine keeps a document in, as far as it matters to who writes it next. Pure.
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::state {

struct SeenDocument {
  /// `nothing`: no bytes, before the first document. `unreadable` may be written over where nothing else is expected to
  /// be there, which is how it is mended; what a later version wrote may not.
  enum class Kind { nothing, document, unreadable, of_later_version };
  Kind kind = Kind::nothing;
  std::string lineage{};
  std::uint64_t serial = 0;

  /// Whether a write that expects `before` (null: no document) may follow it.
  bool may_follow(const StateDocument* before) const;
};

SeenDocument seen(const StateDocument& document);
/// Why it could not be read.
SeenDocument seen(const Error& failure);
SeenDocument seen_document(const Result<std::string>& content);

}  // namespace trunkform::state
