#pragma once
// `certificate.pkcs12`: a chain and its key in one file under one password (.pfx, .p12). Versions are digests of its
// certificates; earlier files lie in folders that a pattern names, under the same name. Thread-safe.
#include <functional>
#include <vector>

#include "schemas/ports/certificate_source.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::sources {

struct Pkcs12Places {
  Path file;
  Path versions;  ///< pattern of folders, `archive/*/`; empty: none
};

class Pkcs12Source final : public CertificateSource {
 public:
  /// `passphrase` may be null: then it is empty.
  Pkcs12Source(FileSystem& files, Pkcs12Places places, std::function<Result<SecretBuffer>()> passphrase)
      : m_files(files), m_places(std::move(places)), m_passphrase(std::move(passphrase)) {}

  /// The certificates are encrypted too, and with the same password; the key's part is left closed to see them.
  Capability capability() const override { return Capability::opaque; }
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  /// conflict: no file has this version any more.
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;
  KeyExposures exposures() override;

 private:
  Result<SecretBuffer> passphrase() const {
    return m_passphrase ? m_passphrase() : Result<SecretBuffer>(SecretBuffer());
  }
  Result<std::vector<Path>> places();
  Result<Described> look(const Path& file, const SecretBuffer& passphrase);

  FileSystem& m_files;
  Pkcs12Places m_places;
  std::function<Result<SecretBuffer>()> m_passphrase;
};

}  // namespace trunkform::sources
