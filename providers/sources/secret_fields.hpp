#pragma once
// A secret whose fields have names, one of them with the chain and one with the key: what sources of Vault, of AWS and
// of Kubernetes have in common. Inside sources only. Borrows what it reads; one owner; not thread-safe.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::sources {

struct FieldNames {
  std::string certificate = "certificate";  ///< the chain, or the leaf where `chain` is given
  std::string chain;                        ///< empty: the certificate's field has all
  std::string key = "private_key";
};

class SecretFields {
 public:
  struct Reading {
    /// The text of a field; none: there is no such field, or it is no text. Error: it is not what it should be.
    std::function<Result<std::optional<SecretBuffer>>(const std::string& field)> text;
    /// Of all fields.
    std::function<std::vector<std::string>()> names;
  };

  /// `shown`: the secret, quoted, for messages. `remedy`: which arguments name the fields.
  SecretFields(FieldNames names, std::string shown, std::string remedy, Reading reading)
      : m_names(std::move(names)),
        m_shown(std::move(shown)),
        m_remedy(std::move(remedy)),
        m_reading(std::move(reading)) {}

  /// The certificates alone, as PEM. Error: invalid_input, with the fields that there are.
  Result<std::string> certificates() const;
  /// Why there is no key, without looking at it; none: there is one.
  std::optional<Error> no_key() const;
  /// As it was found. Error: as `no_key`.
  Result<SecretBuffer> key() const;

 private:
  FieldNames m_names;
  std::string m_shown, m_remedy;
  Reading m_reading;

  Result<SecretBuffer> field(const std::string& name) const;
  Error no_field(const std::string& name) const;
};

}  // namespace trunkform::sources
