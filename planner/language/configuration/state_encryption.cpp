#include "planner/language/configuration/state_encryption.hpp"

namespace trunkform::language {
namespace {

std::string text_of(const Body& body, std::string_view name, std::string otherwise = {}) {
  const auto* argument = body.find(name);
  if (argument == nullptr || argument->is_faulty || !argument->value.is(JsonKind::string)) return otherwise;
  return std::string(argument->value.text());
}

/// None: it does not say one place, which was told.
std::optional<StateKeySettings> read_key(const Body& body, Problems& problems) {
  StateKeySettings key;
  key.source = body.where.range();
  const auto* transit = body.block("vault_transit");
  const bool is_env = body.find("env") != nullptr;
  const bool is_file = body.find("file") != nullptr;
  const int places = int{is_env} + int{is_file} + int{transit != nullptr};
  if (places != 1) {
    problems.add(Error(ErrorCode::invalid_input,
                       places == 0 ? "the key of state_encryption is nowhere" : "the key of state_encryption is twice",
                       "it is in the environment, in a file, or in Vault's transit engine")
                     .at(key.source)
                     .hint("write one of {\"env\": \"NAME\"}, {\"file\": \"PATH\"} and {\"vault_transit\": {\"name\": "
                           "\"KEY\"}}"));
    return std::nullopt;
  }
  if (transit != nullptr) {
    key.kind = StateKeySettings::Kind::vault_transit;
    key.mount = text_of(*transit, "mount", "transit");
    key.name = text_of(*transit, "name");
    return key;
  }
  key.secret.kind = is_env ? Secret::Kind::env : Secret::Kind::file;
  key.secret.name = text_of(body, is_env ? "env" : "file");
  key.secret.source = key.source;
  return key;
}

}  // namespace

void read_state_encryption(const Body& settings, std::optional<StateEncryption>& encryption, Problems& problems) {
  const auto* block = settings.block("state_encryption");
  if (block == nullptr) return;
  const auto refuse = [&](std::string what, std::string hint) {
    problems.add(Error(ErrorCode::invalid_input, std::move(what)).at(block->where.range()).hint(std::move(hint)));
  };
  if (encryption) return refuse("there are two blocks state_encryption", "a state has one key: remove one");
  const auto* current = block->block("key");
  // Without a key nothing is encrypted, and a mistake must not come to that.
  if (current == nullptr)
    return refuse("state_encryption has no key", "write where it is: \"key\": {\"env\": \"TRUNKFORM_STATE_KEY\"}");
  auto key = read_key(*current, problems);
  StateEncryption found;
  for (const auto& body : block->blocks) {
    if (body.schema->type != "previous") continue;
    if (auto before = read_key(body, problems)) found.previous.push_back(std::move(*before));
  }
  if (!key) return;
  found.key = std::move(*key);
  encryption = std::move(found);
}

}  // namespace trunkform::language
