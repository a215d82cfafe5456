#include "planner/language/functions/public_file.hpp"

namespace trunkform::language {
namespace {

constexpr char k_sequence = 0x30, k_integer = 0x02, k_object_identifier = 0x06;

/// What is within a DER SEQUENCE at the beginning; empty: there is none.
std::string_view in_sequence(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != k_sequence) return {};
  const auto first = static_cast<unsigned char>(bytes[1]);
  const std::size_t more = first < 0x80 ? 0 : first & 0x7fU;
  return bytes.size() < 2 + more ? std::string_view() : bytes.substr(2 + more);
}

/// A key that is not encrypted, and PKCS #12, begin with a version; a certificate, a list of revoked ones and a signing
/// request begin with another SEQUENCE.
bool begins_with_version(std::string_view content) {
  return content.size() > 4 && content[0] == k_integer && content[1] == 1 && content[2] >= 0 && content[2] <= 3;
}

/// EncryptedPrivateKeyInfo begins with how it is encrypted: an algorithm of PKCS #5 or PKCS #12.
bool begins_with_encryption(std::string_view content) {
  constexpr std::string_view k_pkcs5 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05",
                             k_pkcs12 = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c";
  const auto algorithm = in_sequence(content);
  if (algorithm.size() < 2 || algorithm[0] != k_object_identifier) return false;
  return algorithm.substr(2).starts_with(k_pkcs5) || algorithm.substr(2).starts_with(k_pkcs12);
}

}  // namespace

bool holds_private_key(std::string_view bytes) {
  if (bytes.find("PRIVATE KEY-----") != std::string_view::npos) return true;
  const auto content = in_sequence(bytes);
  return begins_with_version(content) || begins_with_encryption(content);
}

Result<std::string> read_public_file(FunctionHost& host, const std::string& path) {
  auto bytes = TRY(host.read_file(path));
  if (!holds_private_key(bytes)) return bytes;
  return Error(ErrorCode::invalid_input,
               "the file " + path + " holds a private key, and values are shown in plans and states")
      .hint("name the file itself where a key belongs (\"private_key\": \"k.key\"), or take the key out of it");
}

}  // namespace trunkform::language
