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
  };
  explicit IssuingPlaces(Makers makers) : m_makers(std::move(makers)) {}

  Result<Issuer*> issuer(const Locator& locator);
  /// A store that may be written to. Errors: untrusted; whatever keeps its place from being told.
  Result<SecretStore*> store(const Context& context, const Locator& locator);

 private:
  Makers m_makers;
  std::mutex m_mutex;
  std::map<Locator, std::unique_ptr<Issuer>> m_issuers;
  std::map<Locator, std::unique_ptr<SecretStore>> m_stores;
};

}  // namespace trunkform::engine
