#pragma once
// Showing that the names of an order are ours (RFC 8555 §7.5).
#include <string>
#include <variant>
#include <vector>

#include "providers/issuers/acme/account.hpp"
#include "providers/issuers/acme/order.hpp"
#include "providers/issuers/acme/responder.hpp"

namespace trunkform::issuers::acme {

struct Proven {};
/// The server has not decided yet, and may be asked again after this.
struct Undecided {
  Duration wait;
};
using Proving = std::variant<Proven, Undecided, OrderGone>;

/// All authorizations of an order, side by side. What was presented is taken away by the end. Errors: rejected (a name
/// was not proven, with the server's words for each), invalid_input (no way that the server offers is configured),
/// protocol (a name that nobody ordered), and those of responders and the wire.
/// `names`: of the order. `responders`: by preference; borrowed.
Result<Proving> prove(const Context& context, Account& account, const Order& order,
                      const std::vector<std::string>& names, const std::vector<Responder*>& responders);

}  // namespace trunkform::issuers::acme
