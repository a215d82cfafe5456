#pragma once
// Who signs certificates. An issuer keeps nothing between calls but its own login: what an interrupted run has to know
// is in the order's reference, which the engine writes to the event log before it goes on. Thread-safe.
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schemas/model/checkup.hpp"
#include "schemas/model/error.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

/// What is asked. The same for each call about one request.
struct IssueOrder {
  std::string request;             ///< id of the request: a UUID; the same after an interruption
  std::vector<std::string> names;  ///< as in the signing request
  std::optional<Duration> lifetime;
  std::string profile;       ///< of the issuer's; empty: its default, or it has none (planner/issuing/request_check)
  std::string csr_der;       ///< PKCS#10 (RFC 2986), signed with the staged key
  std::string replaces_der;  ///< the certificate that it replaces; empty: none, or it cannot be read
  bool reuses_key = false;   ///< the staged key is that of what it replaces, and of others before, perhaps
};

/// Ordered, not yet signed. `ref` is what `poll` needs, and public: it goes into the event log and the state.
struct OrderPending {
  std::string ref;
  Duration retry_after = std::chrono::seconds(3);
};
/// Every CERTIFICATE block that the issuer gave; the leaf among them, the order not guaranteed.
struct OrderIssued {
  std::string certificates_pem;
};
/// The issuer knows the order no more, or it can succeed no more and the same request may be ordered anew. A status and
/// no error: only an issuer's own answer makes it, and never a file or a program of ours that is not there
/// (docs/decisions/0395).
struct OrderGone {
  Error why;
};
using OrderStatus = std::variant<OrderPending, OrderIssued, OrderGone>;

/// What a plan would order.
struct OrderToCome {
  std::vector<std::string> names;  ///< empty: of any order
  std::optional<Duration> lifetime;
  bool begun = false;  ///< by an earlier run: it may be signed already, and only nobody has heard of it
};

class Issuer {
 public:
  virtual ~Issuer() = default;
  /// Where the request goes, for people: `https://acme-v02.api.letsencrypt.org/directory`.
  virtual std::string place() const = 0;
  /// Whether the operator allows what it needs. Reads no secret, and asks nobody: for a plan. Error: untrusted.
  virtual Result<> allowed() { return {}; }
  /// Likewise of what it takes to show that these names are ours: the programs that are run for it.
  virtual Result<> may_prove(const std::vector<std::string>& /*names*/) { return {}; }
  /// What is known of an order before it is one: for a plan that would make it, and for `doctor`. By public material at
  /// hand, or by questions that change nothing, for ten seconds a run at the most; only where `allowed`. Remarks, in
  /// words for who approves: the certificate would be another than is asked for, this login lacks a right that another
  /// may have, or it could not be asked. Errors: invalid_input, rejected: it could not sign it, whoever asks
  /// (docs/decisions/0388).
  virtual Result<std::vector<std::string>> foretell(const Context&, const OrderToCome&) {
    return std::vector<std::string>();
  }
  /// What can be told without having anything signed, for `doctor`: whether it answers, who we are for it, whether it
  /// would sign. May read the secrets that an order needs; changes nothing there. Only where `allowed`.
  virtual Checkup examine(const Context& context) = 0;
  /// Orders. Issuers that answer at once give the certificate. Errors: rejected (by the issuer, for good: another
  /// request is to be made), invalid_input (a name or key that it does not sign), denied, throttled (with retry_after),
  /// unavailable, untrusted.
  virtual Result<OrderStatus> submit(const Context& context, const IssueOrder& order) = 0;
  /// Brings an order one step further: proves what is to be proven, finalizes, fetches. `ref` may change. Idempotent:
  /// an interrupted run calls it again. Errors: as `submit`.
  virtual Result<OrderStatus> poll(const Context& context, const std::string& ref, const IssueOrder& order) = 0;
  /// What an earlier run may have been given before it died without writing it down: for issuers that answer at once
  /// and can look it up. None: nothing, or it cannot be known.
  virtual Result<std::optional<OrderStatus>> find(const Context&, const IssueOrder&) {
    return std::optional<OrderStatus>();
  }
  /// When the issuer wants this certificate to be renewed; none: it does not say. Never an error that keeps anybody
  /// from renewing: what fails is told as none. `leaf_der`: the certificate.
  virtual Result<std::optional<RenewalWindow>> renewal_info(const Context&, const std::string& /*leaf_der*/) {
    return std::optional<RenewalWindow>();
  }
  /// Whether it revokes at all; asks nobody. Error: unsupported, which `revoke` would say as well.
  virtual Result<> revokes() const { return {}; }
  /// Revoked already is no error. Errors: outcome_unknown: it may have been done, by whichever try; with every other
  /// (unsupported, rejected, denied, unavailable, …) it certainly was not, also where nothing was sent.
  virtual Result<> revoke(const Context& context, const std::string& leaf_der, RevocationReason reason) = 0;
};

}  // namespace trunkform
