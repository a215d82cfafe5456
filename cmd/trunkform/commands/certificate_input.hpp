#pragma once
// Reading what `certificate check` and `certificate show` are given. A bundle may hold the private key beside its
// certificates: it is read into secret memory, and only the certificates leave that.
#include <string>

#include "cmd/trunkform/run_command.hpp"

namespace trunkform::cli {

/// A file of the working folder, `-` for standard input. The CERTIFICATE blocks, or the text as it is where it holds
/// neither one nor a key, so that the rules can say what is wrong with it. Errors: not_found, denied, io, and
/// invalid_input for text with a key that cannot be taken apart.
Result<std::string> read_certificates(const Frame& frame, const std::string& name);

/// Public PEM or DER: revocation lists.
Result<std::string> read_public_pem(const Frame& frame, const std::string& name);

/// Roots, PEM or DER, that can be read. Error: invalid_input, naming the file.
Result<std::string> read_trust_store(const Frame& frame, const std::string& name);

/// For flags that name a key.
Result<SecretBuffer> read_key(const Frame& frame, const std::string& name);

/// A key's passphrase, without the line end behind it: as a `Secret` of a configuration is read from its file.
/// Error: invalid_input for an empty one.
Result<SecretBuffer> read_passphrase(const Frame& frame, const std::string& name);

}  // namespace trunkform::cli
