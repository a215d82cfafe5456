#pragma once
// Base64 with padding (RFC 4648 §4). Pure. Private to functions/.
#include <optional>
#include <string>
#include <string_view>

namespace trunkform::language {

std::string to_base64(std::string_view bytes);
/// Line ends are passed over; nullopt for anything else that is not base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace trunkform::language
