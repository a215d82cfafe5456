#pragma once
// The data keys of one state: made here, wrapped by the operator's key, opened when they are first needed, and kept in
// locked memory. Not thread-safe: the seal that owns them is.
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "schemas/ports/random.hpp"
#include "schemas/ports/secret_buffer.hpp"
#include "state/sealing/state_keys.hpp"

namespace trunkform::state {

class DataKeys {
 public:
  /// `random` is borrowed.
  DataKeys(std::shared_ptr<const StateKeys> operators, Random& random)
      : m_operators(std::move(operators)), m_random(&random) {}

  /// That there is such a key; nothing is opened yet.
  void learn(const std::string& id, const std::string& wrapped);
  bool knows(const std::string& id) const { return m_keys.contains(id); }
  /// That there is none: what it was to open did not open.
  void forget(const std::string& id) { m_keys.erase(id); }
  /// From now on this one seals.
  void choose(const std::string& id) {
    if (!m_is_fresh) m_current = id;
  }
  /// The id of the one that seals; made where there is none. Errors: `wrap`'s.
  Result<std::string> current();
  /// Errors: denied (no such key, or none of the operator's keys opens it), unavailable, …
  Result<const SecretBuffer*> key(const std::string& id);
  /// All of them, by id.
  std::map<std::string, std::string> wrapped() const;
  std::string wrapped(const std::string& id) const { return m_keys.at(id).wrapped; }
  /// Wraps all of them anew, by the operator's current key; `fresh`: and makes another one, which seals from now on,
  /// whatever else is chosen.
  enum class Fresh { no, yes };
  Result<> rekey(Fresh fresh);

 private:
  struct DataKey {
    std::string wrapped;
    std::optional<SecretBuffer> opened;
  };
  std::shared_ptr<const StateKeys> m_operators;
  Random* m_random;
  std::map<std::string, DataKey> m_keys;
  std::string m_current;
  bool m_is_fresh = false;

  Result<std::string> make();
  Result<SecretBuffer> open(const std::string& id, const std::string& wrapped) const;
};

}  // namespace trunkform::state
