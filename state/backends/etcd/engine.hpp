#pragma once
// A state in etcd (3.4 and later): a head and a key a resource, a key an event, a key with a lease that is the lock.
// Key by key: docs/formats/etcd.md.
#include <map>
#include <memory>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/key_value_store.hpp"
#include "schemas/ports/random.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state::etcd {

struct Settings {
  std::string prefix = "trunkform";                 ///< without slashes at its ends; may be empty
  Duration time_to_live = std::chrono::minutes(1);  ///< of the lock's lease
};

/// By the arguments of a `backend.etcd` block: `prefix`. Where the members are and who we are is the store's. Error:
/// invalid_input.
Result<Settings> settings_of(const std::map<std::string, std::string>& arguments);

/// Asks nothing of the store yet. `clock` and `random` are borrowed.
std::unique_ptr<Engine> open_engine(const Settings& settings, const std::string& workspace,
                                    std::shared_ptr<KeyValueStore> store, Clock& clock, Random& random);

}  // namespace trunkform::state::etcd
