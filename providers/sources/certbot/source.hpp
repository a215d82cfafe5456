#pragma once
// `certificate.certbot`: a lineage that Certbot keeps on disk. Versions are `N-<first digits of the chain's digest>`.
// Thread-safe.
#include <atomic>

#include "providers/sources/certbot/lineage.hpp"
#include "schemas/ports/certificate_source.hpp"

namespace trunkform::sources {

class CertbotSource final : public CertificateSource {
 public:
  /// `live`: the lineage's folder, `/etc/letsencrypt/live/NAME`.
  CertbotSource(FileSystem& files, Path live) : m_files(files), m_live(std::move(live)) {}

  /// `opaque` once a file that should be public was seen to hold a key.
  Capability capability() const override { return m_key_in_chain ? Capability::opaque : Capability::sealed; }
  /// unavailable while a renewal is in progress.
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  /// From the archive, whose files never change; conflict where this version is not what it was.
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;
  bool has_key_at_hand() const override { return true; }
  KeyExposures exposures() override;

 private:
  Result<std::string> read_chain(const CertbotPlace& place);
  Result<Described> look(const CertbotPlace& place);
  Result<CertbotPlace> find(const VersionId& version);

  FileSystem& m_files;
  Path m_live;
  std::atomic<bool> m_key_in_chain = false;
};

}  // namespace trunkform::sources
