#pragma once
// The issuers and stores of a run: each is opened once, when it is first asked for. Thread-safe.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "schemas/model/locator.hpp"
#include "schemas/ports/issuer.hpp"
#include "schemas/ports/secret_store.hpp"

namespace trunkform::engine {

class IssuingPlaces {
 public:
  struct Makers {
    std::function<Result<std::unique_ptr<Issuer>>(const Locator&)> issuer;
    std::function<Result<std::unique_ptr<SecretStore>>(const Locator&)> store;
    /// Whether the operator lets private keys be written there. Error: untrusted, with the command that allows it.
    std::function<Result<>(const std::string& kind, const std::string& place)> may_write;
    /// Of the file that a secret's reference (`file:PATH`) names. May be null.
    std::function<KeyExposures(const std::string& reference)> exposures{};
  };
  explicit IssuingPlaces(Makers makers) : m_makers(std::move(makers)) {}

  Result<Issuer*> issuer(const Locator& locator);
  /// Who else may read or replace the keys that an issuer's block names as files. Asks nobody.
  KeyExposures exposures(const Locator& issuer) const;
  /// A store that a key may be put into. Errors: untrusted, by the operator or by everybody's rights there; whatever
  /// keeps its place from being told.
  Result<SecretStore*> store(const Context& context, const Locator& locator);
  /// A store that keys are taken away from, also from where everybody could replace them: there it matters most.
  /// Errors: untrusted, by the operator; whatever keeps its place from being told.
  Result<SecretStore*> store_to_clear(const Context& context, const Locator& locator);
  /// Likewise of the keys of a store.
  KeyExposures exposures_of_store(const Locator& store);

 private:
  Makers m_makers;
  std::mutex m_mutex;
  std::map<Locator, std::unique_ptr<Issuer>> m_issuers;
  std::map<Locator, std::unique_ptr<SecretStore>> m_stores;

  Result<SecretStore*> opened(const Locator& store);
};

}  // namespace trunkform::engine
