#pragma once
// Whether a file holds a private key. Its content is to become a value, which can be taken apart, turned round and
// encoded in any way, and is shown in plans, states, outputs and logs: so it is decided once, on the whole file. Pure
// and thread-safe.
#include <string_view>

namespace trunkform::language {

/// `gave_up`: what it could be read as is more than is looked through, so that nobody knows.
enum class KeySearch { none, found, gave_up };

/// By words (key_words.hpp) and structure (key_structures.hpp), as the bytes stand, reversed, and behind up to three
/// plain recodings (recodings.hpp), whatever stands around it. Errs towards finding one. What it cannot know
/// (docs/security.md): the bare number of a key, which looks as a digest does; a key that is compressed, encrypted by
/// something else, or spread over files. In time O(bytes), whatever they are.
KeySearch search_private_key(std::string_view bytes);

}  // namespace trunkform::language
