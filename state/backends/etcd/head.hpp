#pragma once
// The head: the key that says which pieces are the document. Moving it is the write. Pure.
#include <cstdint>
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::state::etcd {

struct Head {
  std::uint64_t number = 0;  ///< of the write; pieces of a later one are not part of the document
  std::string write;         ///< an id of it, by which a write whose answer was lost is known
  std::uint64_t serial = 0;
  std::string lineage;
};
/// `trunkform-etcd 1 NUMBER WRITE SERIAL LINEAGE` and a newline.
std::string encode_head(const Head& head);
/// Errors: corrupt, unsupported.
Result<Head> decode_head(std::string_view text);

/// The first words of what is ours: `trunkform-etcd 1 `.
std::string mark();
/// What follows them. Errors: corrupt, unsupported.
Result<std::string_view> behind_mark(std::string_view text, const std::string& what);

}  // namespace trunkform::state::etcd
