#pragma once
// Private keys as ASN.1 writes them, told by how such a structure begins: what is cut off or broken further on is a
// key all the same. Pure and thread-safe. Sources: RFC 5958 (PKCS #8), RFC 5915 (SEC 1), RFC 8017 appendix A.1.2
// (PKCS #1), RFC 7292 (PKCS #12). Inside language only.
#include <string_view>

namespace trunkform::language {

/// Whether `bytes`, a whole file, begin as a private key does, encrypted or not. Lenient: the version decides.
bool begins_with_key_structure(std::string_view bytes);

/// Whether a private key begins anywhere in `bytes`. Stricter, for chance must not find one in megabytes.
bool holds_key_structure(std::string_view bytes);

}  // namespace trunkform::language
