#pragma once
// The account that an ACME server has for a key: found, or made where there is none (RFC 8555 §7.3). Nothing of it is
// kept here beyond a run: the key is what names it. Thread-safe.
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "providers/issuers/acme/wire.hpp"

namespace trunkform::issuers::acme {

struct ExternalAccount {
  std::string key_id;    ///< empty: none
  std::string hmac_key;  ///< reference to the secret: base64url
};

struct AccountPlace {
  std::string account_key;           ///< reference: `env:NAME`, `file:PATH`
  std::vector<std::string> contact;  ///< `mailto:…`
  ExternalAccount external;
  bool agree_terms = false;
};

class Account {
 public:
  using SecretReader = std::function<Result<SecretBuffer>(const std::string& reference)>;
  /// `wire` is borrowed.
  Account(AccountPlace place, SecretReader secrets, Wire& wire)
      : m_place(std::move(place)), m_secrets(std::move(secrets)), m_wire(wire) {}

  /// What requests are signed with.
  struct Login {
    AccountKey key;
    std::string kid;  ///< the account's address
  };
  /// Errors: invalid_input (key; terms that nobody agreed to), untrusted, denied, and those of `Wire`.
  Result<std::shared_ptr<const Login>> login(const Context& context);

  /// The account's address, looked for without making or changing one; none: no account has this key, and the first
  /// order makes one. Errors: as `login`, also where none could be made.
  Result<std::optional<std::string>> known(const Context& context);

  /// A request to an address that is not the directory's.
  Result<Answer> post(const Context& context, const std::string& url, const std::string& payload,
                      const std::string& accept = "application/json");
  /// `change`: as `Wire::post_to`; nothing of the login is in it.
  Result<Answer> post_to(const Context& context, std::string Directory::* address, const std::string& payload,
                         cloud::Change* change = nullptr);
  Wire& wire() { return m_wire; }

  /// RFC 8555 §7.3.5: from now on the account is `next`'s (unencrypted PEM). Where the answer was lost, who holds the
  /// account is asked for. Errors: conflict: `next` has an account already.
  Result<> roll_over(const Context& context, SecretBuffer next);
  /// §7.3.6: for good. Errors: as `post`.
  Result<> deactivate(const Context& context);

 private:
  using LoginPtr = std::shared_ptr<const Login>;
  /// What `onlyReturnExisting` is answered with. None: no account has this key.
  Result<std::optional<HttpResponse>> look_up(const Context& context, const AccountKey& key);
  /// The account that was found, with its contact as it is configured.
  Result<Login> take_up(const Context& context, AccountKey key, const HttpResponse& found);
  Result<Login> make(const Context& context, AccountKey key, const Directory& directory);
  Result<> update_contact(const Context& context, const Login& login, cloud::SecretJson account);
  Result<SecretBuffer> external_code() const;

  AccountPlace m_place;
  SecretReader m_secrets;
  Wire& m_wire;
  std::mutex m_mutex;
  LoginPtr m_login;
};

}  // namespace trunkform::issuers::acme
