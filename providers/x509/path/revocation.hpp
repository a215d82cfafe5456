#pragma once
// What certificate revocation lists say of a path (RFC 5280 §6.3). Inside this room only. Thread-safe.
#include <vector>

#include "providers/x509/handles.hpp"
#include "providers/x509/path/step.hpp"

namespace trunkform::x509::detail {

struct RevocationAnswer {
  Revocation revocation = Revocation::unknown;
  std::vector<PathFault> faults;  ///< of lists that are for this path and no good
};

/// `path` is complete, leaf first. One that is revoked revokes, and so does a list that has run out, one of some
/// reasons or places only, and one that only says what is new. Good is said of the leaf alone, by a list of its
/// issuer's that is valid now and is for it: authorities publish theirs elsewhere.
RevocationAnswer revocation_of(const Steps& path, const std::vector<ListHandle>& lists, const Demands& demands);

}  // namespace trunkform::x509::detail
