#pragma once
// The PKI engine of HashiCorp Vault and OpenBao ("PKI secrets engine (API)"): it signs at once what a role allows.
// Thread-safe.
#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "providers/cloud/vault/client.hpp"
#include "schemas/ports/issuer.hpp"

namespace trunkform::issuers {

struct VaultPkiPlace {
  std::string mount = "pki";
  std::string role;
  std::string issuer_ref;  ///< name or id of one of the engine's issuers; empty: the role's
};

class VaultPki final : public Issuer {
 public:
  /// Opened when the first asks.
  using Opener = std::function<Result<cloud::vault::Client*>()>;
  VaultPki(Opener vault, VaultPkiPlace place) : m_vault(std::move(vault)), m_place(std::move(place)) {}

  std::string place() const override;
  /// Whether provider.vault may be used. Error besides untrusted: invalid_input: there is none.
  Result<> allowed() override;
  /// Asked once a run, of every order alike: whether the engine, its role and its issuer are there, and what the token
  /// may do. Three requests, four where the issuers are looked through; what may not be read is no reason.
  Result<std::vector<std::string>> foretell(const Context& context, const OrderToCome& order) override;
  /// The engine's own certificate, what the token may do at the role, and the role where it may be read.
  Checkup examine(const Context& context) override;
  /// A lifetime beyond the role's is cut by the engine, and that is no error. Errors besides the port's:
  /// invalid_input: something else is mounted there, and nothing was written; outcome_unknown: the answer was lost;
  /// `find` tells.
  Result<OrderStatus> submit(const Context& context, const IssueOrder& order) override;
  /// Error: not_found, always: the engine keeps no orders.
  Result<OrderStatus> poll(const Context& context, const std::string& ref, const IssueOrder& order) override;
  /// Among the newest certificates that the engine keeps, where the policy allows it to be asked for them.
  Result<std::optional<OrderStatus>> find(const Context& context, const IssueOrder& order) override;
  /// The engine takes no reason. Error besides the port's: as `submit`.
  Result<> revoke(const Context& context, const std::string& leaf_der, RevocationReason reason) override;

 private:
  Opener m_vault;
  VaultPkiPlace m_place;
  std::atomic<bool> m_is_engine{false};  ///< asked once
  std::mutex m_mutex;                    ///< of `m_foretold`
  std::optional<Result<std::vector<std::string>>> m_foretold;

  Result<std::vector<std::string>> look(const Context& context);

  /// Before what is sent there is a write to somebody's secret.
  Result<> is_engine(const Context& context, cloud::vault::Client& client);
  std::string path_of(const std::string& operation) const;
  std::string sign_path() const;
};

}  // namespace trunkform::issuers
