#pragma once
// `certificate.certbot`: a lineage that Certbot keeps on disk. Versions are `N-<first digits of the chain's digest>`.
// Thread-safe.
#include "providers/sources/certbot/lineage.hpp"
#include "schemas/ports/certificate_source.hpp"

namespace trunkform::sources {

class CertbotSource final : public CertificateSource {
 public:
  /// `live`: the lineage's folder, `/etc/letsencrypt/live/NAME`.
  CertbotSource(FileSystem& files, Path live) : m_files(files), m_live(std::move(live)) {}

  Capability capability() const override { return Capability::sealed; }
  /// unavailable while a renewal is in progress.
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  /// From the archive, whose files never change; conflict where this version is not what it was.
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;

 private:
  Result<Described> look(const CertbotPlace& place);
  Result<CertbotPlace> find(const VersionId& version);

  FileSystem& m_files;
  Path m_live;
};

}  // namespace trunkform::sources
