#include "providers/sources/pem_files/source.hpp"

#include "providers/sources/exposures.hpp"
#include "providers/sources/folder_pattern.hpp"
#include "providers/sources/offered_text.hpp"
#include "providers/sources/versions_in_files.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::sources {
PemFilesSource::PemFilesSource(FileSystem& files, PemFilesPlaces places,
                               std::function<Result<SecretBuffer>()> passphrase)
    : m_files(files), m_places(std::move(places)), m_passphrase(std::move(passphrase)) {}

bool PemFilesSource::is_one_file() const {
  return m_places.chain.lexically_normal() == m_places.private_key.lexically_normal();
}

Capability PemFilesSource::capability() const {
  return is_one_file() || m_key_beside_chain ? Capability::opaque : Capability::sealed;
}

Result<std::string> PemFilesSource::read_chain(const Pair& pair) {
  auto text = TRY(read_chain_text(m_files, pair.chain));
  // The earlier pairs are not what the plan speaks of.
  if (pair.chain == m_places.chain) m_key_beside_chain = text.has_key;
  return std::move(text.certificates_pem);
}

Result<Described> PemFilesSource::look(const Pair& pair) {
  Described described;
  described.certificates_pem = TRY(read_chain(pair));
  described.version = {certificates_digest(described.certificates_pem)};
  if (auto modified = m_files.modified(pair.chain)) described.since = *modified;
  if (capability() == Capability::sealed)
    if (auto readable = m_files.check_readable(pair.private_key); !readable)
      described.key_unreadable = std::move(readable.error());
  return described;
}

/// The current pair, and the earlier ones that are whole.
Result<std::vector<PemFilesSource::Pair>> PemFilesSource::pairs() {
  std::vector<Pair> pairs{{m_places.chain, m_places.private_key}};
  if (m_places.versions.empty()) return pairs;
  for (const auto& folder : TRY(matching_folders(m_files, m_places.versions))) {
    Pair pair{folder / m_places.chain.filename(), folder / m_places.private_key.filename()};
    if (TRY(m_files.exists(pair.chain)) && TRY(m_files.exists(pair.private_key))) pairs.push_back(std::move(pair));
  }
  return pairs;
}

Result<PemFilesSource::Seen> PemFilesSource::find(const VersionId& version) {
  const auto all = TRY(pairs());
  auto found = TRY(find_version({all.size(), [&](std::size_t place) { return look(all[place]); }}, version,
                                file_changed(m_places.chain.string())));
  return Seen{all[found.place], std::move(found.described)};
}

Result<Described> PemFilesSource::describe(const Context&, const std::optional<VersionId>& pin,
                                           const std::optional<VersionId>&) {
  if (pin) return TRY(find(*pin)).described;
  return look({m_places.chain, m_places.private_key});
}

Result<std::vector<SourceVersion>> PemFilesSource::versions(const Context&) {
  const auto all = TRY(pairs());
  return versions_in({all.size(), [&](std::size_t place) { return look(all[place]); }});
}

Result<FetchedPair> PemFilesSource::fetch(const Context&, const VersionId& version) {
  const auto seen = TRY(find(version));
  FetchedPair fetched;
  fetched.certificates_pem = seen.described.certificates_pem;
  fetched.private_key = TRY(m_files.read_secret(seen.pair.private_key, k_most_bytes));
  if (m_passphrase) fetched.passphrase = TRY(m_passphrase());
  // A renewal replaces the two files one after the other: what was read before must still be there.
  if (certificates_digest(TRY(read_chain(seen.pair))) != version.value) return file_changed(seen.pair.chain.string());
  if (is_one_file()) fetched.private_key = TRY(x509::key_in(fetched.private_key));
  return fetched;
}

KeyExposures PemFilesSource::exposures() {
  return exposures_in(m_files, m_places.private_key, m_passphrase ? Sealing::passphrase : Sealing::none);
}

}  // namespace trunkform::sources
