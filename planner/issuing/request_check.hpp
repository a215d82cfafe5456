#pragma once
// What is asked for, judged before a key is made and anybody is asked: the names, what an issuer of this kind signs at
// all, and what the bindings' own rules would refuse of what comes back. Pure; thread-safe.
#include <vector>

#include "schemas/model/binding.hpp"
#include "schemas/model/issuing.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::issuing {

/// A mistake of a request: each is invalid_input, has the request's address, and stands at its argument.
using RequestFaults = std::vector<Error>;

/// Names that can stand in no certificate (`fault_of_name`), and what this kind of issuer does not sign, or cannot be
/// shown: an ACME authority knows no URIs (RFC 8555 §9.7.7), shows an address by no record (RFC 8738 §7) and a wildcard
/// by nothing else.
RequestFaults faults_of(const IssueRequest& request);

/// What the rules would refuse on this trunk although the issuer signed what was asked for: names that are not those of
/// the peer's `identity`, a type of key that the carrier does not take. Precondition: the binding is of this request.
RequestFaults faults_for(const IssueRequest& request, const Binding& binding);

}  // namespace trunkform::issuing
