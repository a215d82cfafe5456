#pragma once
// Private keys: what they are, and their one form for the service, unencrypted PKCS#8 PEM. Key bytes live in
// SecretBuffers only; what OpenSSL allocates meanwhile is wiped by the program's heap when it is freed
// (cmd/trunkform/wiped_heap.cpp), and the work happens on a stack that is wiped. No message ever quotes a key.
// Thread-safe.
#include <string_view>

#include "schemas/model/certificate_facts.hpp"
#include "schemas/model/result.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::x509 {

/// `key` is PEM (other blocks around it are skipped) or DER. Never asks for a passphrase: encrypted is a form.
KeyFacts inspect_key(const SecretBuffer& key);

/// The same, with a passphrase for an encrypted key: `form` stays `encrypted`, `public_key` is filled in where the
/// passphrase opens it, `problem` says so where it does not.
KeyFacts inspect_key(const SecretBuffer& key, const SecretBuffer& passphrase);

/// Unencrypted PKCS#8 PEM (LF, 64 columns). `passphrase` may be empty. Errors: invalid_input (unreadable, wrong or
/// missing passphrase, more than one key).
Result<SecretBuffer> to_pkcs8(const SecretBuffer& key, const SecretBuffer& passphrase);

/// The same of a key for which no argument takes a passphrase. Error: invalid_input, also where it is encrypted.
Result<SecretBuffer> to_pkcs8(const SecretBuffer& key);

/// RSASSA-PSS with SHA-256 and a salt of its length (RFC 7518 §3.5, `PS256`) over `message`. `key`: unencrypted. Error:
/// invalid_input: unreadable, or no RSA key.
Result<SecretBuffer> sign_ps256(const SecretBuffer& key, std::string_view message);

/// Whether this is the leaf's key; false where it could not be read.
bool matches(const KeyFacts& key, const CertificateFacts& leaf);

/// The CERTIFICATE blocks of text that may hold a private key too, or certificates in DER, as PEM; nothing else leaves
/// the buffer.
/// Error: invalid_input, where there is none.
Result<std::string> certificates_in(const SecretBuffer& mixed);

/// The one private key block of text that may hold certificates too, as it stands. Error: invalid_input.
Result<SecretBuffer> key_in(const SecretBuffer& mixed);

}  // namespace trunkform::x509
