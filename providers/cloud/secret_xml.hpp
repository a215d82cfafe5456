#pragma once
// An XML document that holds secrets, read where it lies, as SecretJson is. What is asked for is found by its local
// name, the first in the order of the document: answers of services are small, and names in them mean one thing. One
// owner; not thread-safe.
#include <memory>
#include <optional>
#include <string>

#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::cloud {

class SecretXml {
 public:
  /// Copies the text into locked memory of its own. No entity but XML's own is expanded, nothing is fetched.
  explicit SecretXml(const SecretBuffer& xml);
  SecretXml(SecretXml&&) noexcept;
  SecretXml& operator=(SecretXml&&) noexcept;
  ~SecretXml();

  /// The text of an element that has no elements in it. None where there is none, or where the document is no XML.
  std::optional<SecretBuffer> secret(const char* name) const;
  /// The same of a text that is no secret.
  std::optional<std::string> text(const char* name) const;

 private:
  struct Document;
  std::unique_ptr<Document> m_document;
};

}  // namespace trunkform::cloud
