#pragma once
// The blocks that others refer to, read. A block with a mistake is here without its content: what refers to it is left
// alone. Private to the room.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/language/configuration/reader.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/notify_block.hpp"
#include "schemas/model/policy.hpp"
#include "schemas/model/shared.hpp"

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

/// An `issuer` block: who signs.
struct IssuerDeclaration {
  std::string address;  ///< `issuer.acme.letsencrypt`
  Locator locator;
  SourceRange range;
};

/// A `store` block: where what is issued is kept, and where it is read again.
struct StoreDeclaration {
  std::string address;  ///< `store.vault_kv.carrier_a`
  Locator locator;
  Locator source;  ///< of the certificate source that reads what it keeps
  SourceRange range;
};

struct Registry {
  BlocksOfKind<Shared<CarrierPolicy>> carriers{"carrier", {}, {}};
  BlocksOfKind<Shared<RolloutPolicy>> rollouts{"rollout", {}, {}};
  BlocksOfKind<CertificateDeclaration> certificates{"certificate", {}, {}};
  BlocksOfKind<IssuerDeclaration> issuers{"issuer", {}, {}};
  BlocksOfKind<StoreDeclaration> stores{"store", {}, {}};
  BlocksOfKind<NotifyBlock> notify{"notify", {}, {}};
};

/// What an argument that refers to a block says: its address or its label. nullopt: absent, or reported.
std::optional<std::string> reference_text(BodyReader& reader, const std::string& name, const std::string& kind);

/// The same of a list.
std::optional<std::vector<std::string>> reference_texts(BodyReader& reader, const std::string& name,
                                                        const std::string& kind);

/// Reports that `text` means none of these, or several.
void refuse_reference(BodyReader& reader, const std::string& name, const std::string& kind, const std::string& text,
                      const std::vector<std::string>& addresses, const std::vector<std::string>& meant);

/// The block that `text` means, by address or label; the end where that is a mistake (reported).
template <class Content>
auto find_referred(BodyReader& reader, const std::string& name, const BlocksOfKind<Content>& blocks,
                   const std::string& text) {
  auto found = blocks.by_address.find(text);
  const auto label = found == blocks.by_address.end() ? blocks.by_label.find(text) : blocks.by_label.end();
  if (label != blocks.by_label.end() && label->second.size() == 1)
    found = blocks.by_address.find(label->second.front());
  if (found != blocks.by_address.end()) return found;
  std::vector<std::string> addresses;
  addresses.reserve(blocks.by_address.size());
  for (const auto& [address, content] : blocks.by_address) addresses.push_back(address);
  refuse_reference(reader, name, blocks.kind, text, addresses,
                   label == blocks.by_label.end() ? std::vector<std::string>{} : label->second);
  return found;
}

/// The block that the argument `name` refers to, by `${carrier.a}`, by address as text, or by label. Null pointer:
/// absent, or a mistake (reported, here or where the block stands).
template <class Content>
const Content* read_reference(BodyReader& reader, const std::string& name, const BlocksOfKind<Content>& blocks) {
  const auto text = reference_text(reader, name, blocks.kind);
  if (!text) return nullptr;
  const auto found = find_referred(reader, name, blocks, *text);
  return found != blocks.by_address.end() && found->second ? &*found->second : nullptr;
}

/// The same for a list of them: their addresses. False: absent, or a mistake in one of them.
template <class Content>
bool read_references(BodyReader& reader, const std::string& name, const BlocksOfKind<Content>& blocks,
                     std::vector<std::string>& target) {
  const auto texts = reference_texts(reader, name, blocks.kind);
  if (!texts) return false;
  std::vector<std::string> addresses;
  for (const auto& text : *texts) {
    const auto found = find_referred(reader, name, blocks, text);
    if (found == blocks.by_address.end()) return false;
    addresses.push_back(found->first);
  }
  target = std::move(addresses);
  return true;
}

/// What `${carrier.a}` is: an object of the block's address, label and arguments, defaults filled in.
Value block_value(BodyReader& reader, const std::string& label);
/// Of a block whose arguments are nobody else's business (addresses of webhooks are passwords): address and label.
Value bare_block_value(const BodyReader& reader, const std::string& label);

/// Where the certificates come from. Incomplete (see the reader) after a mistake.
CertificateDeclaration read_certificate(BodyReader& reader, const std::string& type);

}  // namespace trunkform::language
