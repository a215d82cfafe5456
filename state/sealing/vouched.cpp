#include "state/sealing/vouched.hpp"

#include "schemas/codec/digest.hpp"

namespace trunkform::state {
namespace {

constexpr std::string_view k_begin = "trunkform sealed 2\n";

/// Parts that cannot run into each other: each has its length before it.
void add(std::string& text, std::string_view part) {
  text += std::to_string(part.size());
  text += ':';
  text += part;
  text += '\n';
}

std::string digest_of(const std::map<std::string, std::string>& texts) {
  Sha256 digest;
  for (const auto& [id, text] : texts) {
    std::string entry;
    add(entry, id);
    add(entry, text);
    digest.add(entry);
  }
  return to_hex(digest.finish());
}

std::string parts(std::initializer_list<std::string_view> all) {
  std::string text(k_begin);
  for (const auto part : all) add(text, part);
  return text;
}

}  // namespace

std::string vouched_for_head(const StateDocument& document, const std::string& workspace) {
  const auto& sealed = *document.sealed;
  return parts({"document", document.lineage, workspace, std::to_string(document.serial), sealed.key,
                std::to_string(sealed.clear_through), digest_of(sealed.keys), digest_of(sealed.rows)});
}

std::string vouched_for_row(const std::string& lineage, const std::string& workspace, const std::string& id) {
  return parts({"row", lineage, workspace, id});
}

std::string vouched_for_event(const std::string& workspace, const std::string& key, Sequence sequence) {
  return parts({"event", workspace, key, std::to_string(sequence)});
}

std::string vouched_for_text(std::string_view kind, const std::string& workspace) { return parts({kind, workspace}); }

}  // namespace trunkform::state
