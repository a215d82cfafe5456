#include "cmd/engine/issuing_places.hpp"

namespace trunkform::engine {

Result<Issuer*> IssuingPlaces::issuer(const Locator& locator) {
  const std::scoped_lock guard(m_mutex);
  auto& issuer = m_issuers[locator];
  if (issuer == nullptr) issuer = TRY(m_makers.issuer(locator));
  return issuer.get();
}

Result<SecretStore*> IssuingPlaces::opened(const Locator& store) {
  const std::scoped_lock guard(m_mutex);
  auto& known = m_stores[store];
  if (known == nullptr) known = TRY(m_makers.store(store));
  return known.get();
}

Result<SecretStore*> IssuingPlaces::store_to_clear(const Context& context, const Locator& locator) {
  auto* store = TRY(opened(locator));
  TRY(m_makers.may_write(locator.type, TRY(store->place(context))));
  return store;
}

Result<SecretStore*> IssuingPlaces::store(const Context& context, const Locator& locator) {
  auto* store = TRY(store_to_clear(context, locator));
  TRY(store->may_take_keys());
  return store;
}

KeyExposures IssuingPlaces::exposures_of_store(const Locator& store) {
  auto found = opened(store);
  return found ? (*found)->exposures() : KeyExposures();
}

/// `private_key`, `account_key`, `key`: what an issuer's block calls a key is one. Its owner and group may be those of
/// whoever runs the authority.
KeyExposures IssuingPlaces::exposures(const Locator& issuer) const {
  KeyExposures all;
  if (!m_makers.exposures) return all;
  for (const auto& [name, reference] : issuer.arguments) {
    if (!name.ends_with("key") || !reference.starts_with("file:")) continue;
    for (auto& one : m_makers.exposures(reference))
      if (one.kind != KeyExposure::Kind::replaced_by_some) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace trunkform::engine
