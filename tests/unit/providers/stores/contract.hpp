#pragma once
// What every store keeps to, whatever it is made of: contract_test.cpp asks it of fakes in unit tests, and of real
// servers where tests/integration starts them.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "schemas/ports/certificate_source.hpp"
#include "schemas/ports/secret_store.hpp"

namespace trunkform::testing {

/// One place, empty at first.
class StoreBench {
 public:
  virtual ~StoreBench() = default;
  /// Each with a client of its own: as in another run.
  virtual std::unique_ptr<SecretStore> store() = 0;
  /// The certificate source of the same place.
  virtual std::unique_ptr<CertificateSource> source() = 0;
  /// All that was sent in the open so far: addresses, headers, bodies that were not said to be secret. Empty where
  /// nobody listens.
  virtual std::string sent_in_the_open() { return {}; }
  /// Whether two writers at once are kept apart when they stage a key, too. One of moto's faults is that it puts a
  /// label on a second version without a word.
  virtual bool keeps_stagers_apart() const { return true; }

  enum class Lost { request, answer };
  /// Loses the exchange after `after` more of them. False: nothing can be lost here.
  virtual bool lose(Lost, int /*after*/) { return false; }
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StoreBench>()> make;
};
/// Those that are to be asked: each program that has the contract says its own.
std::vector<StoreKind> store_kinds();

}  // namespace trunkform::testing
