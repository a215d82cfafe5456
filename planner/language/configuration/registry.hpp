#pragma once
// The blocks that others refer to, read. A block with a mistake is here without its content: what refers to it is left
// alone. Private to the room.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/language/configuration/reader.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/policy.hpp"

namespace trunkform::language {

/// The blocks of one kind by address, and by label where somebody writes only that.
template <class Content>
struct BlocksOfKind {
  std::string kind;  ///< `carrier`
  std::map<std::string, std::optional<Content>> by_address;
  std::map<std::string, std::vector<std::string>> by_label;  ///< → addresses

  void add(const std::string& address, const std::string& label, std::optional<Content> content) {
    if (by_address.emplace(address, std::move(content)).second) by_label[label].push_back(address);
  }
};

struct Registry {
  BlocksOfKind<CarrierPolicy> carriers{"carrier", {}, {}};
  BlocksOfKind<RolloutPolicy> rollouts{"rollout", {}, {}};
  BlocksOfKind<CertificateDeclaration> certificates{"certificate", {}, {}};
};

/// What an argument that refers to a block says: its address or its label. nullopt: absent, or reported.
std::optional<std::string> reference_text(BodyReader& reader, const std::string& name, const std::string& kind);

/// Reports that `text` means none of these, or several.
void refuse_reference(BodyReader& reader, const std::string& name, const std::string& kind, const std::string& text,
                      const std::vector<std::string>& addresses, const std::vector<std::string>& meant);

/// The block that the argument `name` refers to, by `${carrier.a}`, by address as text, or by label. Null pointer:
/// absent, or a mistake (reported, here or where the block stands).
template <class Content>
const Content* read_reference(BodyReader& reader, const std::string& name, const BlocksOfKind<Content>& blocks) {
  const auto text = reference_text(reader, name, blocks.kind);
  if (!text) return nullptr;
  auto found = blocks.by_address.find(*text);
  const auto label = found == blocks.by_address.end() ? blocks.by_label.find(*text) : blocks.by_label.end();
  if (label != blocks.by_label.end() && label->second.size() == 1)
    found = blocks.by_address.find(label->second.front());
  if (found != blocks.by_address.end()) return found->second ? &*found->second : nullptr;
  std::vector<std::string> addresses;
  addresses.reserve(blocks.by_address.size());
  for (const auto& [address, content] : blocks.by_address) addresses.push_back(address);
  refuse_reference(reader, name, blocks.kind, *text, addresses,
                   label == blocks.by_label.end() ? std::vector<std::string>{} : label->second);
  return nullptr;
}

/// What `${carrier.a}` is: an object of the block's address, label and arguments, defaults filled in.
Value block_value(BodyReader& reader, const std::string& label);

/// Where the certificates come from. Incomplete (see the reader) after a mistake.
CertificateDeclaration read_certificate(BodyReader& reader, const std::string& type);

}  // namespace trunkform::language
