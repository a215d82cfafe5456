#include "state/document/rows.hpp"

#include "schemas/codec/state_codec.hpp"

namespace trunkform::state {
namespace {

std::string row_of(const ResourceRecord& record) {
  StateDocument alone;
  alone.resources.emplace(record.address, record);
  return encode_state(alone);
}

}  // namespace

std::string head_of(const StateDocument& document) {
  auto head = document;
  if (document.sealed) {
    auto sealed = *document.sealed;
    sealed.rows.clear();
    head.sealed = std::make_shared<const SealedDocument>(std::move(sealed));
  }
  head.resources.clear();
  return encode_state(head);
}

std::map<std::string, std::string> rows_of(const StateDocument& document) {
  if (document.sealed) return document.sealed->rows;
  std::map<std::string, std::string> rows;
  for (const auto& [address, record] : document.resources) rows.emplace(to_string(address), row_of(record));
  return rows;
}

RowChanges changes_between(const StateDocument* before, const StateDocument& next) {
  const auto was = before != nullptr ? rows_of(*before) : std::map<std::string, std::string>{};
  auto is = rows_of(next);
  RowChanges changes;
  for (const auto& [address, row] : was)
    if (!is.contains(address)) changes.removed.push_back(address);
  for (auto& [address, row] : is)
    if (const auto found = was.find(address); found == was.end() || found->second != row)
      changes.put.emplace_back(address, std::move(row));
  return changes;
}

Result<StateDocument> document_of(std::string_view head, const std::map<std::string, std::string>& rows) {
  auto document = TRY(decode_state(head));
  if (document.sealed) {
    auto sealed = *document.sealed;
    sealed.rows = rows;
    document.sealed = std::make_shared<const SealedDocument>(std::move(sealed));
    return document;
  }
  for (const auto& [address, text] : rows) {
    auto row = decode_state(text);
    if (!row) return Error(row.error().code, "the record of " + address + " cannot be read").because(row.error());
    if (row->resources.size() != 1 || to_string(row->resources.begin()->first) != address)
      return Error(ErrorCode::corrupt, "the record of " + address + " is another's");
    document.resources.merge(row->resources);
  }
  return document;
}

}  // namespace trunkform::state
