#include "providers/x509/key_text.hpp"

#include <optional>

#include <fmt/format.h>
#include <openssl/x509.h>

#include "providers/x509/handles.hpp"
#include "providers/x509/other_form.hpp"
#include "providers/x509/pem_blocks.hpp"
#include "providers/x509/pkcs12.hpp"

namespace trunkform::x509::detail {
namespace {

constexpr std::size_t k_most_bytes = 1U << 20;

bool is_private_key(const PemBlock& block) { return block.label.ends_with("PRIVATE KEY"); }

KeyEncoding der_encoding(std::string_view der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  auto* encrypted = d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size()));
  const bool is_encrypted = encrypted != nullptr;
  X509_SIG_free(encrypted);
  at = reinterpret_cast<const unsigned char*>(der.data());
  auto* pkcs8 = d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size()));
  const bool is_pkcs8 = pkcs8 != nullptr;
  PKCS8_PRIV_KEY_INFO_free(pkcs8);
  (void)take_openssl_reason();
  if (is_pkcs8) return KeyEncoding::pkcs8;
  return is_encrypted ? KeyEncoding::encrypted_pkcs8 : KeyEncoding::traditional;
}

Result<KeyText> from_der(std::string_view text) {
  KeyText key;
  key.encoding = der_encoding(text);
  key.whole = text;
  key.der = SecretBuffer::copy_of(text);
  return key;
}

Result<KeyEncoding> pem_encoding(const PemBlock& block) {
  if (block.label == "PRIVATE KEY") return KeyEncoding::pkcs8;
  if (block.label == "ENCRYPTED PRIVATE KEY") return KeyEncoding::encrypted_pkcs8;
  if (block.label == "OPENSSH PRIVATE KEY") {
    return Error(ErrorCode::invalid_input, "the private key is in OpenSSH's form")
        .hint("convert a copy of it: ssh-keygen -p -N '' -m PKCS8 -f COPY");
  }
  if (block.label == "RSA PRIVATE KEY" || block.label == "EC PRIVATE KEY" || block.label == "DSA PRIVATE KEY") {
    const bool encrypted = block.headers.find("ENCRYPTED") != std::string_view::npos;
    return encrypted ? KeyEncoding::encrypted_traditional : KeyEncoding::traditional;
  }
  return Error(ErrorCode::invalid_input, "the private key is of a kind that is not known")
      .hint("write it as PKCS #8: openssl pkey -in KEY -out KEY.pem");
}

}  // namespace

Result<KeyText> find_key(std::string_view text) {
  if (text.empty()) return Error(ErrorCode::invalid_input, "the private key's text is empty");
  if (text.size() > k_most_bytes) {
    return Error(ErrorCode::invalid_input, fmt::format("the private key's text is larger than {} bytes", k_most_bytes));
  }
  if (looks_like_pkcs12(text)) return is_pkcs12("there is no private key in PEM form");
  if (text.front() == '\x30' && text.find("-----BEGIN ") == std::string_view::npos) {
    if (auto known = no_key_but(text)) return std::move(*known);
    return from_der(text);
  }
  std::optional<PemBlock> found;
  for (const auto& block : TRY(pem_blocks(text, 100))) {
    if (!is_private_key(block)) continue;
    if (found) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("there are two private keys, at lines {} and {}", found->line, block.line))
          .hint("leave the one that belongs to the certificate");
    }
    found = block;
  }
  if (!found) {
    if (auto other = other_form(text)) return std::move(*other);
    if (auto known = no_key_but(text)) return std::move(*known);
    return Error(ErrorCode::invalid_input, "there is no private key in PEM form")
        .hint("it begins with the line -----BEGIN PRIVATE KEY-----");
  }
  KeyText key;
  key.encoding = TRY(pem_encoding(*found));
  key.whole = found->whole;
  key.headers = std::string(found->headers);
  key.der = SecretBuffer(decoded_capacity(found->body));
  const auto size = decode_base64(found->body, key.der.data());
  if (!size) return Error(ErrorCode::invalid_input, "the private key is damaged", size.error().summary);
  key.der.truncate(*size);
  return key;
}

}  // namespace trunkform::x509::detail
