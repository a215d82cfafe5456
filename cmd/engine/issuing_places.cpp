#include "cmd/engine/issuing_places.hpp"

namespace trunkform::engine {

Result<Issuer*> IssuingPlaces::issuer(const Locator& locator) {
  const std::scoped_lock guard(m_mutex);
  auto& issuer = m_issuers[locator];
  if (issuer == nullptr) issuer = TRY(m_makers.issuer(locator));
  return issuer.get();
}

Result<SecretStore*> IssuingPlaces::store(const Context& context, const Locator& locator) {
  SecretStore* opened = nullptr;
  {
    const std::scoped_lock guard(m_mutex);
    auto& store = m_stores[locator];
    if (store == nullptr) store = TRY(m_makers.store(locator));
    opened = store.get();
  }
  TRY(m_makers.may_write(locator.type, TRY(opened->place(context))));
  return opened;
}

}  // namespace trunkform::engine
