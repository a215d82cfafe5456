#include "cmd/trunkform/state_key_access.hpp"

#include "providers/cloud/vault/transit_key.hpp"
#include "state/sealing/passphrase_key.hpp"

namespace trunkform::cli {
namespace {

Result<std::shared_ptr<KeyWrap>> open_key(const language::StateKeySettings& settings,
                                          const StateKeyServices& services) {
  if (settings.kind == language::StateKeySettings::Kind::vault_transit)
    return std::shared_ptr<KeyWrap>(
        std::make_shared<cloud::vault::TransitKey>(services.vault, settings.mount, settings.name));
  const auto name = to_string(settings.secret);
  auto secret = services.read_secret(settings.secret);
  if (!secret) return std::move(secret.error()).at(settings.source);
  if (auto strong = state::check_passphrase(*secret, name); !strong)
    return std::move(strong.error()).at(settings.source);
  return std::shared_ptr<KeyWrap>(std::make_shared<state::PassphraseKey>(std::move(*secret), name, services.random));
}

}  // namespace

Result<state::StateKeys> open_state_keys(const language::StateEncryption& settings, const StateKeyServices& services) {
  state::StateKeys keys;
  keys.current = TRY(open_key(settings.key, services));
  for (const auto& before : settings.previous) keys.previous.push_back(TRY(open_key(before, services)));
  return keys;
}

}  // namespace trunkform::cli
