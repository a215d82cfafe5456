#pragma once
// What file sources have in common: a version that is known by its certificates. Inside sources only.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::sources {

constexpr std::uint64_t k_most_bytes = 1ULL << 20;

/// SHA-256 over the certificates' DER in the order of the text, in hex: comments and line ends change nothing. Text
/// that cannot be parsed has a digest too, so that the rules can say what is wrong with it.
std::string certificates_digest(std::string_view pem);

/// The public half of a file that holds the private key too; the rest of it is wiped before this returns.
/// Errors: as FileSystem; invalid_input.
Result<std::string> read_certificates_of_mixed(FileSystem& files, const Path& path);

}  // namespace trunkform::sources
