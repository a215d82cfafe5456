#pragma once
// The pieces of a document under their keys: a piece a resource, and the document without its resources in one or more.
// A key ends in the number of the write that put it; without a text it says that the piece is gone since. Pure.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::state::etcd {

/// What a write changes: names of pieces, and their texts; none: it is gone.
using PieceChanges = std::map<std::string, std::optional<std::string>>;
/// `before`: null where there was no document. `known`: names of pieces that are there beside those of `before`.
PieceChanges piece_changes(const StateDocument* before, const StateDocument& next,
                           const std::set<std::string>& known = {});

/// All versions of all pieces, as they are found in the order of their keys.
class FoundPieces {
 public:
  /// Those of a later write than `number` do not count.
  explicit FoundPieces(std::uint64_t number) : m_number(number) {}

  /// `key`: without what all of them begin with. One that is none of ours is passed over.
  void take(std::string_view key, std::string text);
  /// Errors: corrupt, unsupported.
  Result<StateDocument> document() const;
  /// Of all, also of those that do not count.
  const std::set<std::string>& names() const { return m_names; }
  /// The write that the version that counts is of; none: there is no such piece, or it is gone.
  std::optional<std::uint64_t> version_of(const std::string& name) const;
  /// The latest write of all.
  std::uint64_t largest() const { return m_largest; }

 private:
  struct Version {
    std::uint64_t number = 0;
    std::string text;
  };
  std::uint64_t m_number;
  std::uint64_t m_largest = 0;
  std::map<std::string, Version> m_current;
  std::set<std::string> m_names;
};

/// `NAME/NUMBER`
std::string piece_key(const std::string& name, std::uint64_t number);

}  // namespace trunkform::state::etcd
