#include "providers/sources/offered_text.hpp"

#include "providers/x509/certificates.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::sources {

std::string certificates_digest(std::string_view pem) {
  const auto digest = x509::chain_digest_of_pem(pem);
  return digest ? to_hex(*digest) : sha256_hex(pem);
}

Result<std::string> read_certificates_of_mixed(FileSystem& files, const Path& path) {
  return x509::certificates_in(TRY(files.read_secret(path, k_most_bytes)));
}

}  // namespace trunkform::sources
