#include "planner/language/functions/base64.hpp"

#include <algorithm>
#include <vector>

#include <openssl/evp.h>

namespace trunkform::language {

std::string to_base64(std::string_view bytes) {
  std::vector<unsigned char> out(4 * ((bytes.size() + 2) / 3) + 1);
  const int size =
      EVP_EncodeBlock(out.data(), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return std::string(out.begin(), out.begin() + size);
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string plain;
  std::copy_if(text.begin(), text.end(), std::back_inserter(plain), [](char c) { return c != '\n' && c != '\r'; });
  constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto symbols = plain.find_first_not_of(k_alphabet);
  const auto padding = symbols == std::string::npos ? std::string_view() : std::string_view(plain).substr(symbols);
  if (plain.size() % 4 != 0 || !(padding.empty() || padding == "=" || padding == "==")) return std::nullopt;
  std::vector<unsigned char> out(plain.size() / 4 * 3 + 1);
  const int size =
      EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
  if (size < 0) return std::nullopt;
  return std::string(out.begin(), out.begin() + size - static_cast<std::ptrdiff_t>(padding.size()));
}

}  // namespace trunkform::language
