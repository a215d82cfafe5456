#pragma once
// Reading and writing keys, as all parts of a state in etcd do. `store` is borrowed. Thread-safe.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/key_value_store.hpp"

namespace trunkform::state::etcd {

Result<std::optional<KeyValue>> read_key(const Context& context, KeyValueStore& store, const std::string& key);

/// Each key of `range`, as all of them were at one moment. Where the store forgets that moment meanwhile it begins
/// anew, and `begin` is called again.
Result<> each_key(const Context& context, KeyValueStore& store, const KeyRange& range,
                  const std::function<void()>& begin, const std::function<void(KeyValue&)>& use);

/// What cannot do harm when it is done twice: done until it is known to be done. False: a condition does not hold.
Result<bool> transact_surely(const Context& context, KeyValueStore& store, Clock& clock,
                             const Transaction& transaction);

/// Changes in portions that etcd takes in one step. One that is too large alone is a portion of its own.
class Portions {
 public:
  void add(KeyChange change) { add(std::vector<KeyChange>{std::move(change)}); }
  /// These stay together.
  void add(std::vector<KeyChange> together);
  const std::vector<std::vector<KeyChange>>& all() const { return m_portions; }

 private:
  std::vector<std::vector<KeyChange>> m_portions;
  std::size_t m_bytes = 0;
};

}  // namespace trunkform::state::etcd
