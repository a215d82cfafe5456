#pragma once
// A state document in pieces, for engines that keep rows or keys: a row is the document of one resource alone, with the
// certificates that it names; the head is everything else. Each piece is what docs/formats/state.md says, and can be
// read by itself. Of an encrypted document the rows are the boxes that it has. Pure; thread-safe.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::state {

/// The document without its resources.
std::string head_of(const StateDocument& document);

/// The rows by the resources' addresses.
std::map<std::string, std::string> rows_of(const StateDocument& document);

struct RowChanges {
  std::vector<std::pair<std::string, std::string>> put;  ///< address, row
  std::vector<std::string> removed;                      ///< addresses
};
/// `before`: null where there was no document.
RowChanges changes_between(const StateDocument* before, const StateDocument& next);

/// Errors: corrupt (a row is not of its address, or a piece cannot be read), unsupported.
Result<StateDocument> document_of(std::string_view head, const std::map<std::string, std::string>& rows);

}  // namespace trunkform::state
