#include "providers/cloud/secret_xml.hpp"

#include <string_view>

#include <pugixml.hpp>

namespace trunkform::cloud {
namespace {

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

/// The parser works in place: names and texts of its nodes point into this buffer.
struct SecretXml::Document {
  explicit Document(const SecretBuffer& xml)
      : text(xml.duplicate()),
        is_whole(tree.load_buffer_inplace(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8)) {}

  SecretBuffer text;
  pugi::xml_document tree;
  bool is_whole;

  const char* find(const char* name) const {
    if (!is_whole) return nullptr;
    const auto element = tree.find_node([&](const pugi::xml_node& node) {
      return node.type() == pugi::node_element && local_name(node.name()) == name &&
             !node.first_child().first_child() &&
             (!node.first_child() || node.first_child().type() != pugi::node_element);
    });
    return element ? element.child_value() : nullptr;
  }
};

SecretXml::SecretXml(const SecretBuffer& xml) : m_document(std::make_unique<Document>(xml)) {}
SecretXml::SecretXml(SecretXml&&) noexcept = default;
SecretXml& SecretXml::operator=(SecretXml&&) noexcept = default;
SecretXml::~SecretXml() = default;

std::optional<SecretBuffer> SecretXml::secret(const char* name) const {
  const auto* const found = m_document->find(name);
  return found == nullptr ? std::nullopt : std::optional(SecretBuffer::copy_of(found));
}

std::optional<std::string> SecretXml::text(const char* name) const {
  const auto* const found = m_document->find(name);
  return found == nullptr ? std::nullopt : std::optional<std::string>(found);
}

}  // namespace trunkform::cloud
