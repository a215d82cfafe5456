#pragma once
// Digests of what expressions hold. Pure. Private to functions/.
#include <string>
#include <string_view>

namespace trunkform::language {

enum class DigestKind { md5, sha1, sha256, sha512 };

std::string digest(DigestKind kind, std::string_view bytes);
std::string to_hex(std::string_view bytes);

}  // namespace trunkform::language
