#pragma once
// What a secret holds: JSON with a chain and a key in fields, or PEM text with both. Inside this folder only. One
// owner; not thread-safe.
#include <optional>
#include <string>

#include "providers/cloud/secret_json.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::sources {

struct SecretFields {
  std::string certificate = "certificate";  ///< the chain, or the leaf where `chain` is given
  std::string chain;                        ///< empty: the certificate's field has all
  std::string key = "private_key";
};

class SecretContent {
 public:
  /// Of `SecretString` or `SecretBinary`, whichever the answer of GetSecretValue has. `name`: the secret's, for
  /// messages. Error: invalid_input.
  static Result<SecretContent> of(cloud::SecretJson& answer, std::string name, SecretFields fields);

  /// The certificates alone, as PEM. Error: invalid_input, with the fields that there are.
  Result<std::string> certificates();
  /// Whether there is a key, without looking at it.
  std::optional<Error> no_key();
  /// As it was found. Error: as `no_key`.
  Result<SecretBuffer> key();

 private:
  SecretContent(SecretBuffer text, std::string name, SecretFields fields);
  Error no_field(const std::string& field);

  SecretBuffer m_text;
  std::string m_name;
  SecretFields m_fields;
  std::optional<cloud::SecretJson> m_json;  ///< none: PEM
};

}  // namespace trunkform::sources
