#pragma once
// Orders, authorizations and challenges as a server describes them (RFC 8555 §7.1). Pure.
#include <optional>
#include <string>
#include <vector>

#include "providers/issuers/acme/problem.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::issuers::acme {

/// The states of §7.1.6, of all three.
enum class Status { pending, ready, processing, valid, invalid, expired, deactivated, revoked };
std::string_view to_string(Status status);

struct Order {
  Status status = Status::pending;
  std::optional<Instant> expires;
  std::vector<std::string> authorizations;
  std::string finalize;
  std::string certificate;  ///< empty before `valid`
  std::optional<Problem> error;
};

struct Challenge {
  std::string type;  ///< `http-01`
  std::string url;
  std::string token;
  Status status = Status::pending;
  std::optional<Problem> error;
};

struct Authorization {
  Status status = Status::pending;
  std::string name;  ///< without `*.`
  bool is_wildcard = false;
  std::vector<Challenge> challenges;
};

/// Errors: protocol.
Result<Order> order_of(const HttpResponse& answer);
/// Error: protocol; also a token that is none: it becomes a part of paths and records (§8.3).
Result<Authorization> authorization_of(const HttpResponse& answer);

/// What `newOrder` is asked with.
struct OrderWish {
  std::vector<std::string> names;
  std::string profile;   ///< empty: the server's default
  std::string replaces;  ///< RFC 9773 §5: a certificate's id; empty: none
  std::optional<Instant> not_after;
};

/// JSON. Error: invalid_input: a name that no ACME server signs for.
Result<std::string> order_payload(const OrderWish& wish);

}  // namespace trunkform::issuers::acme
