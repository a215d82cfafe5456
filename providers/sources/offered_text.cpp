#include "providers/sources/offered_text.hpp"

#include "providers/x509/certificates.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/codec/digest.hpp"

namespace trunkform::sources {

std::string certificates_digest(std::string_view pem) {
  const auto certificates = x509::parse_certificates(pem);
  return certificates ? to_hex(x509::identity_of(*certificates).chain) : sha256_hex(pem);
}

Result<std::string> read_certificates_of_mixed(FileSystem& files, const Path& path) {
  return x509::certificates_in(TRY(files.read_secret(path, k_most_bytes)));
}

}  // namespace trunkform::sources
