#pragma once
// What a secret holds: JSON with a chain and a key in fields, PEM text with both, or PKCS #12. Inside this folder only.
// One owner; not thread-safe.
#include <optional>
#include <string>

#include "providers/cloud/secret_json.hpp"
#include "providers/sources/secret_fields.hpp"

namespace trunkform::sources {

class SecretContent {
 public:
  /// Of `SecretString` or `SecretBinary`, whichever the answer of GetSecretValue has. `name`: the secret's, for
  /// messages. `passphrase` is borrowed, and may be empty. Error: invalid_input.
  static Result<SecretContent> of(cloud::SecretJson& answer, std::string name, FieldNames fields,
                                  const SecretBuffer& passphrase);

  /// The certificates alone, as PEM. Error: invalid_input, with the fields that there are.
  Result<std::string> certificates();
  /// Whether there is a key, without looking at it.
  std::optional<Error> no_key();
  /// As it was found; out of PKCS #12 it is not encrypted any more. Error: as `no_key`.
  Result<SecretBuffer> key();

 private:
  enum class Form { json, pem, pkcs12 };

  SecretContent(SecretBuffer text, std::string name, FieldNames fields, const SecretBuffer& passphrase);
  SecretFields fields();
  std::string shown() const;

  SecretBuffer m_text;
  std::string m_name;
  FieldNames m_names;
  const SecretBuffer& m_passphrase;
  Form m_form = Form::pem;
  std::optional<cloud::SecretJson> m_json;  ///< Form::json
};

}  // namespace trunkform::sources
