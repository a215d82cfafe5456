#include "planner/language/functions/public_file.hpp"

#include <set>

#include "planner/language/functions/digest.hpp"
#include "planner/language/private_keys/private_keys.hpp"

namespace trunkform::language {
namespace {

/// Ten thousand bindings read the roots of one carrier, and looking for keys costs a third of a millisecond for each
/// kilobyte. So what was found to be public is remembered, by its digest.
KeySearch search(std::string_view bytes) {
  constexpr std::size_t k_most = 1000;
  thread_local std::set<std::string> known;
  const auto seen = digest(DigestKind::sha256, bytes);
  if (known.contains(seen)) return KeySearch::none;
  if (const auto search = search_private_key(bytes); search != KeySearch::none) return search;
  if (known.size() == k_most) known.clear();
  known.insert(seen);
  return KeySearch::none;
}

}  // namespace

Result<std::string> read_public_file(FunctionHost& host, const std::string& path) {
  auto bytes = TRY(host.read_file(path));
  const auto seen = search(bytes);
  if (seen == KeySearch::none) return bytes;
  if (seen == KeySearch::gave_up)
    return Error(ErrorCode::invalid_input,
                 "the file " + path + " can be read in too many ways for anybody to know that it holds no private key",
                 "a value is shown in plans and states, so each file is looked through first; letters and digits "
                 "alone, without an end, could be any encoding of a key")
        .hint("put what is needed of it into a file of its own, and name that one");
  return Error(ErrorCode::invalid_input,
               "the file " + path + " holds a private key, and values are shown in plans and states")
      .hint("name the file itself where a key belongs (\"private_key\": \"k.key\"), or take the key out of it");
}

}  // namespace trunkform::language
