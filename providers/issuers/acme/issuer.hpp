#pragma once
// An ACME server (RFC 8555) as an issuer: Let's Encrypt, a company's own. Orders are kept by the server; what an
// interrupted run needs is an order's address. Profiles: draft-ietf-acme-profiles; renewal: RFC 9773. Thread-safe.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "providers/issuers/acme/account.hpp"
#include "providers/issuers/acme/order.hpp"
#include "providers/issuers/acme/responder.hpp"
#include "providers/issuers/acme/wire.hpp"
#include "schemas/ports/issuer.hpp"

namespace trunkform::issuers::acme {

struct AcmePlace {
  WireOptions wire;
  AccountPlace account;
  std::string preferred_chain;  ///< common name of an authority; empty: the server's default chain
  /// Whether the operator allows what is needed beyond one name's proof; asks nobody. Empty: everything.
  std::function<Result<>()> allowed{};
};

class AcmeIssuer final : public Issuer {
 public:
  /// The ports are borrowed. `responders`: by preference.
  AcmeIssuer(AcmePlace place, Account::SecretReader secrets, std::vector<std::unique_ptr<Responder>> responders,
             HttpClient& http, Clock& clock, Random& random);

  std::string place() const override { return m_wire.place(); }
  Result<> allowed() override { return m_allowed ? m_allowed() : Result<>(); }
  /// The directory, its terms, and the account, which is neither made nor changed. Nothing is ordered.
  Checkup examine(const Context& context) override;
  Result<> may_prove(const std::vector<std::string>& names) override;
  /// The reference is the order's address.
  Result<OrderStatus> submit(const Context& context, const IssueOrder& order) override;
  Result<OrderStatus> poll(const Context& context, const std::string& ref, const IssueOrder& order) override;
  Result<std::optional<RenewalWindow>> renewal_info(const Context& context, const std::string& leaf_der) override;
  Result<> revoke(const Context& context, const std::string& leaf_der, RevocationReason reason) override;

  /// The key that the account has from now on (RFC 8555 §7.3.5), and its end (§7.3.6).
  Account& account() { return m_account; }

 private:
  struct Seen {
    Order order;
    std::optional<Duration> wait;  ///< that the server asks for
  };
  Result<std::variant<Seen, OrderGone>> read(const Context& context, const std::string& ref);
  Result<Answer> order_with(const Context& context, OrderWish wish);
  Result<Answer> place_order(const Context& context, const IssueOrder& order);
  Result<std::optional<OrderGone>> finalize(const Context& context, const Order& seen, const IssueOrder& order);
  Result<OrderStatus> download(const Context& context, const std::string& url);

  std::string m_preferred_chain;
  std::function<Result<>()> m_allowed;
  Wire m_wire;
  Account m_account;
  std::vector<std::unique_ptr<Responder>> m_responders;
};

}  // namespace trunkform::issuers::acme
