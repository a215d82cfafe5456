#pragma once
// The operator's key of a state in the transit engine of Vault or OpenBao: it encrypts there, and never leaves. The
// requests are `encrypt` and `decrypt` with associated data (Vault's API, "Transit secrets engine"). Thread-safe.
#include <functional>
#include <string>

#include "providers/cloud/vault/client.hpp"
#include "schemas/ports/key_wrap.hpp"

namespace trunkform::cloud::vault {

class TransitKey final : public KeyWrap {
 public:
  /// `client`: asked when it is first needed; what it gives outlives this. `mount`: without slashes at its ends.
  TransitKey(std::function<Result<Client*>()> client, std::string mount, std::string name)
      : m_client(std::move(client)), m_mount(std::move(mount)), m_name(std::move(name)) {}

  std::string describe() const override;
  bool may_open(std::string_view wrapped) const override;
  /// `vault_transit:MOUNT:NAME:` and what Vault answered.
  Result<std::string> wrap(const Context& context, const SecretBuffer& key, const std::string& id) override;
  Result<SecretBuffer> unwrap(const Context& context, std::string_view wrapped, const std::string& id) override;

 private:
  const std::function<Result<Client*>()> m_client;
  const std::string m_mount;
  const std::string m_name;

  std::string begin() const;
  Result<HttpResponse> ask(const Context& context, std::string_view verb, const SecretBuffer& body);
};

}  // namespace trunkform::cloud::vault
