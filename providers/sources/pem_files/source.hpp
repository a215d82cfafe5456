#pragma once
// `certificate.pem_files`: a chain and its key in two files, or in one. Versions are digests of the chain's
// certificates; earlier pairs lie in folders that a pattern names, under the same two file names. Thread-safe.
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "schemas/ports/certificate_source.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::sources {

struct PemFilesPlaces {
  Path chain;
  Path private_key;
  Path versions;  ///< pattern of folders, `archive/*/`; empty: none
};

class PemFilesSource final : public CertificateSource {
 public:
  PemFilesSource(FileSystem& files, PemFilesPlaces places, std::function<Result<SecretBuffer>()> passphrase);

  /// sealed; opaque where chain and key are one file, or where the chain's file was seen to hold a private key: ask
  /// after `describe`.
  Capability capability() const override;
  Result<Described> describe(const Context& context, const std::optional<VersionId>& pin,
                             const std::optional<VersionId>& known) override;
  Result<std::vector<SourceVersion>> versions(const Context& context) override;
  /// conflict: nothing has this version any more, or the files change while they are read.
  Result<FetchedPair> fetch(const Context& context, const VersionId& version) override;
  bool has_key_at_hand() const override { return true; }
  KeyExposures exposures() override;

 private:
  struct Pair {
    Path chain;
    Path private_key;
  };
  struct Seen {
    Pair pair;
    Described described;
  };
  bool is_one_file() const;
  Result<std::string> read_chain(const Pair& pair);
  Result<Described> look(const Pair& pair);
  Result<Seen> find(const VersionId& version);
  Result<std::vector<Pair>> pairs();

  FileSystem& m_files;
  PemFilesPlaces m_places;
  std::function<Result<SecretBuffer>()> m_passphrase;
  std::atomic<bool> m_key_beside_chain = false;
};

}  // namespace trunkform::sources
