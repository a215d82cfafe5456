#pragma once
// Private keys in forms that name themselves: PEM of any kind, PGP's and SSH's among it; OpenSSH's inner form; PuTTY's;
// JWK with its private members (RFC 7517, RFC 7518 §6); XML signatures' (RFC 4050); what `openssl pkey -text` prints;
// the stores of Java. Pure and thread-safe. Inside language only.
#include <string_view>

namespace trunkform::language {

bool has_words_of_key(std::string_view text);

}  // namespace trunkform::language
