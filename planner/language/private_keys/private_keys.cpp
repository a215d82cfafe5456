#include "planner/language/private_keys/private_keys.hpp"

#include <cstddef>
#include <string>

#include "planner/language/private_keys/key_structures.hpp"
#include "planner/language/private_keys/key_words.hpp"
#include "planner/language/private_keys/recodings.hpp"

namespace trunkform::language {
namespace {

constexpr int k_recodings = 3;  // a PEM in base64 in a string within a string
/// So many times a file's bytes are looked through, and a little more for small ones. Behind each recoding, what is
/// text in several alphabets is read in each of them again: a bundle in two encodings has been seen to need less than
/// this, a file of one letter needs more.
constexpr std::size_t k_most_readings = 56, k_any_size = 1U << 16U;

class Search {
 public:
  explicit Search(std::size_t bytes) : m_left(bytes * k_most_readings + k_any_size) {}

  KeySearch in(std::string_view bytes, int recodings = k_recodings) {
    if (bytes.size() > m_left) return KeySearch::gave_up;
    m_left -= bytes.size();
    if (has_words_of_key(bytes) || holds_key_structure(bytes)) return KeySearch::found;
    if (recodings == 0) return KeySearch::none;
    const auto reading = recodings == k_recodings ? Reading::as_it_stands : Reading::decoded;
    for (const auto& candidate : recodings_of(bytes, reading))
      if (const auto seen = in(candidate, recodings - 1); seen != KeySearch::none) return seen;
    return KeySearch::none;
  }

 private:
  std::size_t m_left;
};

}  // namespace

KeySearch search_private_key(std::string_view bytes) {
  if (begins_with_key_structure(bytes)) return KeySearch::found;
  Search search(bytes.size());
  const auto seen = search.in(bytes);
  return seen != KeySearch::none ? seen : search.in(std::string(bytes.rbegin(), bytes.rend()));
}

}  // namespace trunkform::language
