#include "cmd/certificates/foreign_text.hpp"

#include <fmt/format.h>

namespace trunkform::certificates {

std::string escaped(std::string_view text) {
  std::string shown;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte == 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += character;
    }
  }
  return shown;
}

}  // namespace trunkform::certificates
