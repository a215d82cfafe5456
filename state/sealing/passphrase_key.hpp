#pragma once
// The operator's key as a secret: a passphrase, or what a generator wrote. scrypt makes a key of it, so that who has a
// copy of the state pays for each guess. Thread-safe.
#include <map>
#include <mutex>
#include <string>

#include "schemas/ports/key_wrap.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::state {

/// Below it a passphrase is guessed whatever is done to it.
inline constexpr std::size_t k_shortest_passphrase = 16;

class PassphraseKey final : public KeyWrap {
 public:
  /// `name`: where the secret is read, for messages. `random` is borrowed.
  PassphraseKey(SecretBuffer passphrase, std::string name, Random& random)
      : m_passphrase(std::move(passphrase)), m_name(std::move(name)), m_random(random) {}

  std::string describe() const override { return "the secret " + m_name; }
  bool may_open(std::string_view wrapped) const override;
  /// `scrypt:LOG_N:SALT:BOX`
  Result<std::string> wrap(const Context& context, const SecretBuffer& key, const std::string& id) override;
  Result<SecretBuffer> unwrap(const Context& context, std::string_view wrapped, const std::string& id) override;

 private:
  const SecretBuffer m_passphrase;
  const std::string m_name;
  Random& m_random;
  std::mutex m_mutex;
  /// By salt; what was stretched once need not be again. Guarded by the mutex.
  std::map<std::string, SecretBuffer> m_stretched;
  std::string m_salt;  ///< of what this process wraps

  Result<const SecretBuffer*> stretched(const std::string& salt, unsigned log_n);
};

/// Error: invalid_input, where it is too short for a key of a state. `name`: where it is read.
Result<> check_passphrase(const SecretBuffer& passphrase, const std::string& name);

}  // namespace trunkform::state
