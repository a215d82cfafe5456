#include "providers/cloud/vault/transit_key.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/json_text.hpp"
#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_json.hpp"
#include "schemas/codec/base64.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cloud::vault {
namespace {

std::string vouched(const std::string& id) { return encode_base64("trunkform data key\n" + id); }

/// What `KeyWrap::wrap` promises of its text.
bool is_plain(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

}  // namespace

std::string TransitKey::describe() const { return fmt::format("the key {} of Vault's {}/", quoted(m_name), m_mount); }

std::string TransitKey::begin() const {
  return fmt::format("vault_transit:{}:{}:", encoded_path(m_mount), encoded_segment(m_name));
}

bool TransitKey::may_open(std::string_view wrapped) const { return wrapped.starts_with(begin()); }

Result<HttpResponse> TransitKey::ask(const Context& context, std::string_view verb, const SecretBuffer& body) {
  auto* client = TRY(m_client());
  const auto path = fmt::format("{}/{}/{}", encoded_path(m_mount), verb, encoded_segment(m_name));
  auto answer = TRY(client->write(context, path, body, Repeat::freely));
  if (answer.status / 100 == 2) return answer;
  const auto words = words_of(answer);
  // What cannot be decrypted there is told as such by 400; nothing else may pass for another key.
  const bool is_another = verb == "decrypt" && answer.status == 400 && words.find("key not found") == std::string::npos;
  return Error(is_another ? ErrorCode::denied : ErrorCode::invalid_input,
               fmt::format("{} did not {} the key of the state", describe(), verb),
               fmt::format("POST {}/v1/{} answered {}{}", client->address(), path, answer.status,
                           words.empty() ? std::string() : ": " + words))
      .hint(fmt::format("check trunkform.state_encryption; the key is made by: vault write -f {}",
                        shell_word(fmt::format("{}/keys/{}", m_mount, m_name))));
}

Result<std::string> TransitKey::wrap(const Context& context, const SecretBuffer& key, const std::string& id) {
  const auto plain = secret_base64(key.view());
  const auto answer =
      TRY(ask(context, "encrypt", json_of({{"plaintext", plain.view()}, {"associated_data", vouched(id)}})));
  const auto text = SecretJson(answer.secret_body).text({"data", "ciphertext"}).value_or("");
  if (!is_plain(text)) return Error(ErrorCode::protocol, fmt::format("{} gave no ciphertext", describe()));
  return begin() + text;
}

Result<SecretBuffer> TransitKey::unwrap(const Context& context, std::string_view wrapped, const std::string& id) {
  const auto text = wrapped.substr(begin().size());
  if (!is_plain(text))
    return Error(ErrorCode::denied, "the wrapped key of the state is damaged", "it is not as Vault writes it");
  const auto answer = TRY(ask(context, "decrypt", json_of({{"ciphertext", text}, {"associated_data", vouched(id)}})));
  const auto plain = SecretJson(answer.secret_body).secret({"data", "plaintext"});
  auto key = plain ? secret_from_base64(plain->view()) : std::nullopt;
  if (!key) return Error(ErrorCode::protocol, fmt::format("{} gave no key", describe()));
  return std::move(*key);
}

}  // namespace trunkform::cloud::vault
