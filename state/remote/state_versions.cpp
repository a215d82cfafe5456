#include "state/remote/state_versions.hpp"

#include <algorithm>

namespace trunkform::state {
namespace {

/// Taking a lock writes the document again as it is: for each that is listed a few are looked at.
constexpr std::size_t k_forms_each = 5;
constexpr std::size_t k_most_forms = 1000;

}  // namespace

Result<std::vector<StateVersion>> RemoteStateVersions::list(const Context& context, std::size_t most) {
  const auto forms = std::min(most * k_forms_each, k_most_forms);
  std::vector<StateVersion> versions;
  for (const auto& kept : TRY(m_shared->engine->kept_documents(context, static_cast<int>(forms)))) {
    if (versions.size() == most) break;
    auto document = m_shared->engine->kept_document(context, kept.id);
    if (!document && document.error().code == ErrorCode::cancelled) return std::move(document.error());
    if (!document) {
      versions.push_back({kept.id, kept.written, std::move(document.error())});
      continue;
    }
    if (!*document) continue;
    const bool is_again = !versions.empty() && versions.back().document &&
                          versions.back().document->serial == (*document)->serial &&
                          versions.back().document->lineage == (*document)->lineage;
    if (!is_again) versions.push_back({kept.id, kept.written, std::move(**document)});
  }
  return versions;
}

Result<StateDocument> RemoteStateVersions::read(const Context& context, const std::string& id) {
  auto found = m_shared->engine->kept_document(context, id);
  // A service may not take it for an id at all.
  if (!found && (found.error().code == ErrorCode::rejected || found.error().code == ErrorCode::invalid_input))
    return std::move(found.error()).hint("see which versions it has: trunkform state versions");
  auto document = TRY(std::move(found));
  if (!document)
    return Error(ErrorCode::not_found, "the backend has no version " + id + " of this state")
        .hint("see which it has: trunkform state versions");
  return std::move(*document);
}

}  // namespace trunkform::state
