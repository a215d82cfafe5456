#include "providers/sources/offered_text.hpp"

#include <fmt/format.h>

#include "providers/x509/certificates.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::sources {

std::string certificates_digest(std::string_view pem) {
  const auto digest = x509::chain_digest_of_pem(pem);
  return digest ? to_hex(*digest) : sha256_hex(pem);
}

Result<ChainText> chain_text_in(const SecretBuffer& bytes, const std::string& what) {
  // The words suffice where the key is too damaged to be found; a key in DER has no words, and is no PEM.
  const auto has = [&](std::string_view words) { return bytes.view().find(words) != std::string_view::npos; };
  const bool has_key =
      has("PRIVATE KEY") || (!has("-----BEGIN ") && x509::inspect_key(bytes).form != KeyFacts::Form::unreadable);
  auto certificates = x509::certificates_in(bytes);
  // DER becomes PEM here, where it comes in. What cannot be read stays, so that the rules can say what is wrong with
  // it.
  if (!has_key && certificates && !has("-----BEGIN ")) return ChainText{std::move(*certificates), false};
  if (!has_key) return ChainText{std::string(bytes.view()), false};
  if (certificates) return ChainText{std::move(*certificates), true};
  auto error = std::move(certificates).error();
  error.summary = fmt::format("{} holds a private key, and {}", what, error.summary);
  return std::move(error).hint("see whether `chain` and `private_key` are exchanged");
}

Result<ChainText> read_chain_text(FileSystem& files, const Path& path) {
  const auto bytes = TRY(files.read_secret(path, k_most_bytes));
  return chain_text_in(bytes, fmt::format("'{}'", path.string()));
}

}  // namespace trunkform::sources
