#include "planner/language/private_keys/private_keys.hpp"

#include <algorithm>
#include <string>

#include "planner/language/private_keys/key_structures.hpp"
#include "planner/language/private_keys/key_words.hpp"
#include "planner/language/private_keys/recodings.hpp"

namespace trunkform::language {
namespace {

bool is_found(std::string_view bytes, int recodings) {
  if (has_words_of_key(bytes) || holds_key_structure(bytes)) return true;
  if (recodings == 0) return false;
  const auto candidates = recodings_of(bytes);
  return std::any_of(candidates.begin(), candidates.end(),
                     [=](const std::string& candidate) { return is_found(candidate, recodings - 1); });
}

}  // namespace

bool holds_private_key(std::string_view bytes) {
  constexpr int k_recodings = 3;  // a PEM in base64 in a string within a string
  return begins_with_key_structure(bytes) || is_found(bytes, k_recodings) ||
         is_found(std::string(bytes.rbegin(), bytes.rend()), k_recodings);
}

}  // namespace trunkform::language
