#pragma once
// What sources have in common: a version that is known by its certificates. Inside sources only.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::sources {

constexpr std::uint64_t k_most_bytes = 1ULL << 20;

/// SHA-256 over the certificates' DER in the order of the text, in hex: comments and line ends change nothing. Text
/// that cannot be parsed has a digest too, so that the rules can say what is wrong with it.
std::string certificates_digest(std::string_view pem);

struct ChainText {
  std::string certificates_pem;  ///< the text as it stands; of a file with a key, or in DER, its certificates alone
  bool has_key = false;
};

/// Of a text that may hold a private key as well. `what` is it, for messages: `'/etc/sip.pem'`. Error: invalid_input.
Result<ChainText> chain_text_in(const SecretBuffer& bytes, const std::string& what);

/// The chain's file, which may hold a private key as well: nobody knows before it was read. So it is read as a secret,
/// and all that is not public is wiped before this returns. Errors: as FileSystem; invalid_input.
Result<ChainText> read_chain_text(FileSystem& files, const Path& path);

}  // namespace trunkform::sources
