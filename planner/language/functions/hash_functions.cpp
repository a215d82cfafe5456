#include <array>
#include <optional>

#include "planner/language/functions/base64.hpp"
#include "planner/language/functions/digest.hpp"
#include "planner/language/functions/function.hpp"

namespace trunkform::language {
namespace hash_family {

enum class Encoding { hex, base64 };

template <DigestKind kind, Encoding encoding>
Result<Value> hash(const Arguments& a) {
  const auto bytes = digest(kind, a[0].as_string());
  return Value::string(encoding == Encoding::hex ? to_hex(bytes) : to_base64(bytes));
}

template <DigestKind kind, Encoding encoding>
Result<Value> hash_file(const Arguments& a) {
  if (!a.scope.host()) return failed("no files can be read here");
  const auto bytes = digest(kind, TRY(a.scope.host()->read_file(a[0].as_string())));
  return Value::string(encoding == Encoding::hex ? to_hex(bytes) : to_base64(bytes));
}

/// 16 bytes of `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
std::optional<std::string> parse_uuid(std::string_view text) {
  std::string out;
  if (text.size() != 36) return std::nullopt;
  for (std::size_t i = 0; i < text.size();) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i++] != '-') return std::nullopt;
      continue;
    }
    const auto pair = text.substr(i, 2);
    if (pair.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos) return std::nullopt;
    out += static_cast<char>(std::stoi(std::string(pair), nullptr, 16));
    i += 2;
  }
  return out;
}

/// RFC 4122 §4.3, with its four name spaces by name.
Result<Value> uuid_v5(const Arguments& a) {
  auto space = a[0].as_string();
  constexpr std::array<std::pair<std::string_view, char>, 4> k_known{
      {{"dns", '0'}, {"url", '1'}, {"oid", '2'}, {"x500", '4'}}};
  for (const auto& [name, digit] : k_known)
    if (space == name) space = std::string("6ba7b81") + digit + "-9dad-11d1-80b4-00c04fd430c8";
  const auto bytes = parse_uuid(space);
  if (!bytes) return failed("the name space must be dns, url, oid, x500 or a UUID");
  auto hashed = digest(DigestKind::sha1, *bytes + a[1].as_string()).substr(0, 16);
  hashed[6] = static_cast<char>((hashed[6] & 0x0F) | 0x50);
  hashed[8] = static_cast<char>((hashed[8] & 0x3F) | 0x80);
  auto text = to_hex(hashed);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, "-");
  return Value::string(text);
}

constexpr std::array k_rows{
    FunctionRow{"md5(str: string) string", "MD5 in hexadecimal.", hash<DigestKind::md5, Encoding::hex>},
    FunctionRow{"sha1(str: string) string", "SHA-1 in hexadecimal.", hash<DigestKind::sha1, Encoding::hex>},
    FunctionRow{"sha256(str: string) string", "SHA-256 in hexadecimal.", hash<DigestKind::sha256, Encoding::hex>},
    FunctionRow{"sha512(str: string) string", "SHA-512 in hexadecimal.", hash<DigestKind::sha512, Encoding::hex>},
    FunctionRow{"base64sha256(str: string) string", "SHA-256 in base64.", hash<DigestKind::sha256, Encoding::base64>},
    FunctionRow{"base64sha512(str: string) string", "SHA-512 in base64.", hash<DigestKind::sha512, Encoding::base64>},
    FunctionRow{"filemd5(path: string) string", "MD5 of a file.", hash_file<DigestKind::md5, Encoding::hex>},
    FunctionRow{"filesha1(path: string) string", "SHA-1 of a file.", hash_file<DigestKind::sha1, Encoding::hex>},
    FunctionRow{"filesha256(path: string) string", "SHA-256 of a file.", hash_file<DigestKind::sha256, Encoding::hex>},
    FunctionRow{"filesha512(path: string) string", "SHA-512 of a file.", hash_file<DigestKind::sha512, Encoding::hex>},
    FunctionRow{"filebase64sha256(path: string) string", "SHA-256 of a file in base64.",
                hash_file<DigestKind::sha256, Encoding::base64>},
    FunctionRow{"filebase64sha512(path: string) string", "SHA-512 of a file in base64.",
                hash_file<DigestKind::sha512, Encoding::base64>},
    FunctionRow{"uuidv5(namespace: string, name: string) string", "The UUID of a name in a name space.", uuid_v5},
};

}  // namespace hash_family

std::span<const FunctionRow> hash_functions() { return hash_family::k_rows; }

}  // namespace trunkform::language
