#pragma once
// What an issuer gave, held against what was asked for: nothing else is put where bindings take it from. Pure;
// thread-safe.
#include <string>

#include "schemas/model/issuing.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/key_pair.hpp"

namespace trunkform::engine {

/// The pair of `key` with the chain in `pem`, as a store keeps it. Errors: rejected, where the issuer signed something
/// else, which it would again; conflict, where the key is not of the type that is asked for.
Result<KeyPair> issued_pair(const IssueRequest& request, SecretBuffer key, const std::string& pem, Instant now);

}  // namespace trunkform::engine
