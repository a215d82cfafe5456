#pragma once
// Public keys as their SubjectPublicKeyInfo states them. Inside this room only. Thread-safe. To decode a key costs
// OpenSSL 3.0 more than everything else about a certificate, and a leaf's key is needed by nobody: its facts are read
// from the bytes (docs/decisions/0301).
#include <string>

#include "providers/x509/handles.hpp"
#include "schemas/model/certificate_facts.hpp"

struct X509_pubkey_st;

namespace trunkform::x509::detail {

/// As key_facts_of() states them of the decoded key, with one exception: a curve that is given by its parameters is
/// `explicit parameters`, even where these are those of a known one.
PublicKeyFacts key_facts_of(const X509_pubkey_st* key);

/// Big-endian; empty where the key is not RSA.
std::string rsa_exponent_of(const X509_pubkey_st* key);

/// In this thread's library; null where no key can be made of it.
KeyHandle decode_key(const X509_pubkey_st* key);

}  // namespace trunkform::x509::detail
