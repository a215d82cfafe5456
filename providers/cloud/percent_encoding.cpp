#include "providers/cloud/percent_encoding.hpp"

#include <fmt/format.h>

namespace trunkform::cloud {
namespace {

bool is_unreserved(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9') || std::string_view("-._~").find(character) != std::string_view::npos;
}

}  // namespace

std::string percent_encoded(std::string_view text, std::string_view kept) {
  std::string encoded;
  for (const char character : text)
    if (is_unreserved(character) || kept.find(character) != std::string_view::npos)
      encoded += character;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(character));
  return encoded;
}

}  // namespace trunkform::cloud
