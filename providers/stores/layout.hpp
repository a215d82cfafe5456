#pragma once
// What stores of JSON fields write, and the sources read: `certificate` (the chain in PEM), `private_key` (PKCS #8 in
// PEM), `request_id`; of a key that is staged, `private_key`, `request_id` and `since`. Inside stores only. Pure.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/ports/secret_store.hpp"

namespace trunkform::stores {

/// JSON objects in locked memory.
SecretBuffer fields_of(const std::string& request, const KeyPair& pair);
SecretBuffer fields_of(const StagedKey& key);
/// For readers without a right to the key: the chain, and the version of the pair that it is of.
SecretBuffer public_fields_of(const std::string& request, const std::string& version, const KeyPair& pair);

/// The text of a field; none: there is no such field.
using Field = std::function<std::optional<SecretBuffer>(std::string_view name)>;
/// Error: corrupt, where it is no key that was staged. `shown`: the place, quoted, for the message; `remedy`: what the
/// operator does about it.
Result<StagedKey> staged_in(const Field& field, const std::string& shown, const std::string& remedy);
/// The request of a pair or key; empty where there is none.
std::string request_in(const Field& field);

/// For people who are paged: what keeps a write from being done.
Error staged_meanwhile(const std::string& shown);
Error replaced_meanwhile(const std::string& shown);

/// Whether a write that failed like this may have been done all the same.
bool may_be_done(const Error& error);
/// `error`, and that nobody could look whether the write was done: `why`.
Error not_known(const Error& error, Error why, const std::string& shown);

}  // namespace trunkform::stores
