#include "planner/language/private_keys/key_structures.hpp"

#include <cstddef>

namespace trunkform::language {
namespace {

constexpr char k_sequence = 0x30, k_integer = 0x02, k_octets = 0x04, k_object_identifier = 0x06;

/// The smallest key that anybody has is of 128 bits.
constexpr std::size_t k_least_octets = 16;

/// What is within an element of this kind at the beginning of `bytes`, and goes on behind it; empty: there is none.
/// `length`: what its header says, 0 where the end is marked instead.
std::string_view within(std::string_view bytes, char kind, std::size_t& length) {
  if (bytes.size() < 2 || bytes[0] != kind) return {};
  const auto first = static_cast<unsigned char>(bytes[1]);
  const std::size_t more = first < 0x80 ? 0 : first & 0x7fU;
  if (more > 4 || bytes.size() < 2 + more) return {};
  length = more == 0 && first < 0x80 ? first : 0;
  for (std::size_t i = 0; i < more; ++i) length = length << 8U | static_cast<unsigned char>(bytes[2 + i]);
  return bytes.substr(2 + more);
}

std::string_view in_sequence(std::string_view bytes) {
  std::size_t length = 0;
  return within(bytes, k_sequence, length);
}

/// A key that is not encrypted, and PKCS #12, begin with a version; a certificate, a list of revoked ones and a signing
/// request begin with another SEQUENCE.
bool begins_with_version(std::string_view content) {
  return content.size() > 4 && content[0] == k_integer && content[1] == 1 && content[2] >= 0 && content[2] <= 3;
}

/// EncryptedPrivateKeyInfo begins with how it is encrypted: an algorithm of PKCS #5 or PKCS #12.
bool begins_with_encryption(std::string_view content) {
  constexpr std::string_view k_pkcs5 = "\x2a\x86\x48\x86\xf7\x0d\x01\x05",
                             k_pkcs12 = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01";
  constexpr char k_pbkdf2 = 0x0c,
                 k_pbmac1 = 0x0e;  // of PKCS #5, and no encryption: they stand in other structures, too
  const auto algorithm = in_sequence(content);
  if (algorithm.size() < 2 || algorithm[0] != k_object_identifier) return false;
  const auto identifier = algorithm.substr(2);
  if (identifier.starts_with(k_pkcs12)) return true;
  if (!identifier.starts_with(k_pkcs5) || identifier.size() <= k_pkcs5.size()) return false;
  const auto which = identifier[k_pkcs5.size()];
  return which != k_pbkdf2 && which != k_pbmac1;
}

/// PKCS #8 goes on with its algorithm and an OCTET STRING, where a certificate of version 1, a signing request and a
/// list of revoked ones have a name; PKCS #12 with data or signed data.
bool goes_on_with_algorithm(std::string_view content) {
  constexpr std::string_view k_pkcs7 = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07";
  std::size_t length = 0;
  const auto inner = within(content, k_sequence, length);
  if (inner.starts_with(k_pkcs7)) return true;
  return inner.starts_with(k_object_identifier) && inner.size() > length && inner[length] == k_octets;
}

bool is_key_content(std::string_view content) {
  if (begins_with_encryption(content)) return true;
  if (!begins_with_version(content)) return false;
  const auto behind = content.substr(3);
  std::size_t length = 0;
  if (!within(behind, k_octets, length).empty() || !within(behind, k_integer, length).empty())
    return length >= k_least_octets;
  return goes_on_with_algorithm(behind);
}

}  // namespace

bool begins_with_key_structure(std::string_view bytes) {
  const auto content = in_sequence(bytes);
  return begins_with_version(content) || begins_with_encryption(content);
}

bool holds_key_structure(std::string_view bytes) {
  for (auto at = bytes.find(k_sequence); at != std::string_view::npos; at = bytes.find(k_sequence, at + 1))
    if (is_key_content(in_sequence(bytes.substr(at)))) return true;
  return false;
}

}  // namespace trunkform::language
