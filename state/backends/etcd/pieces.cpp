#include "state/backends/etcd/pieces.hpp"

#include <algorithm>

#include "state/backends/etcd/layout.hpp"
#include "state/document/rows.hpp"

namespace trunkform::state::etcd {
namespace {

constexpr std::string_view k_base = "base/";
constexpr std::string_view k_resource = "resource/";
/// etcd takes 1.5 MiB at once; two of them and their resources may go in one step.
constexpr std::size_t k_most_of_base = 400'000;

/// No address begins with another one and a slash: versions of one piece are beneath its name alone.
std::string name_of_resource(const std::string& address) { return std::string(k_resource) + address; }

std::map<std::string, std::string> base_pieces(const StateDocument& document) {
  const auto text = head_of(document);
  std::map<std::string, std::string> pieces;
  for (std::size_t from = 0; from < text.size(); from += k_most_of_base)
    pieces.emplace(std::string(k_base) + Layout::padded(pieces.size()), text.substr(from, k_most_of_base));
  return pieces;
}

bool is_number(std::string_view text) {
  return text.size() == 20 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string piece_key(const std::string& name, std::uint64_t number) { return name + "/" + Layout::padded(number); }

PieceChanges piece_changes(const StateDocument* before, const StateDocument& next, const std::set<std::string>& known) {
  PieceChanges changes;
  for (const auto& name : known) changes[name] = std::nullopt;
  if (before != nullptr)
    for (const auto& [name, text] : base_pieces(*before)) changes[name] = std::nullopt;
  for (auto& [name, text] : base_pieces(next)) changes[name] = text;
  auto rows = changes_between(before, next);
  for (const auto& address : rows.removed) changes[name_of_resource(address)] = std::nullopt;
  for (auto& [address, row] : rows.put) changes[name_of_resource(address)] = std::move(row);
  return changes;
}

void FoundPieces::take(std::string_view key, std::string text) {
  const auto slash = key.rfind('/');
  if (slash == std::string_view::npos || !is_number(key.substr(slash + 1))) return;
  std::string name(key.substr(0, slash));
  const auto number = std::stoull(std::string(key.substr(slash + 1)));
  m_largest = std::max<std::uint64_t>(m_largest, number);
  if (number <= m_number) m_current[name] = {number, std::move(text)};
  m_names.insert(std::move(name));
}

std::optional<std::uint64_t> FoundPieces::version_of(const std::string& name) const {
  const auto found = m_current.find(name);
  if (found == m_current.end() || found->second.text.empty()) return std::nullopt;
  return found->second.number;
}

Result<StateDocument> FoundPieces::document() const {
  std::string base;
  std::map<std::string, std::string> rows;
  for (const auto& [name, version] : m_current) {
    if (version.text.empty()) continue;
    if (name.starts_with(k_base))
      base += version.text;
    else if (name.starts_with(k_resource))
      rows.emplace(name.substr(k_resource.size()), version.text);
  }
  if (base.empty())
    return Error(ErrorCode::corrupt, "the state in etcd is damaged", "its head is there, and its first piece is not")
        .hint("take it from a snapshot of before: docs/formats/etcd.md");
  return document_of(base, rows);
}

}  // namespace trunkform::state::etcd
