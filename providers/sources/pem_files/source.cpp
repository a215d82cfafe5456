#include "providers/sources/pem_files/source.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "providers/sources/folder_pattern.hpp"
#include "providers/sources/offered_text.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/private_key.hpp"

namespace trunkform::sources {
namespace {

/// When the youngest certificate of a text begins: renewals follow one another by it, files may be copied about.
Instant begins(const std::string& pem) {
  Instant latest = Instant::min();
  const auto certificates = x509::parse_certificates(pem);
  if (!certificates) return latest;
  for (const auto& certificate : *certificates) latest = std::max(latest, certificate.facts->not_before);
  return latest;
}

Error changed(const Path& chain) {
  return Error(ErrorCode::conflict,
               fmt::format("'{}' holds another version than the one that was planned", chain.string()),
               "the file was replaced between plan and apply, or while it was read")
      .hint("review a new plan: trunkform plan -out=new.trunkplan");
}

}  // namespace

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

Result<PemFilesSource::Seen> PemFilesSource::look(const Pair& pair) {
  Described described;
  described.certificates_pem = TRY(read_chain(pair));
  described.version = {certificates_digest(described.certificates_pem)};
  if (auto modified = m_files.modified(pair.chain)) described.since = *modified;
  if (capability() == Capability::sealed)
    if (auto readable = m_files.check_readable(pair.private_key); !readable)
      described.key_unreadable = std::move(readable.error());
  return Seen{pair, std::move(described)};
}

Result<std::vector<PemFilesSource::Pair>> PemFilesSource::earlier_pairs() {
  std::vector<Pair> pairs;
  if (m_places.versions.empty()) return pairs;
  for (const auto& folder : TRY(matching_folders(m_files, m_places.versions))) {
    Pair pair{folder / m_places.chain.filename(), folder / m_places.private_key.filename()};
    if (TRY(m_files.exists(pair.chain)) && TRY(m_files.exists(pair.private_key))) pairs.push_back(std::move(pair));
  }
  return pairs;
}

Result<PemFilesSource::Seen> PemFilesSource::find(const VersionId& version) {
  auto current = look({m_places.chain, m_places.private_key});
  if (current && current->described.version == version) return current;
  for (const auto& pair : TRY(earlier_pairs())) {
    auto seen = look(pair);
    if (seen && seen->described.version == version) return seen;
  }
  if (!current) return std::move(current.error());
  return changed(m_places.chain);
}

Result<Described> PemFilesSource::describe(const Context&, const std::optional<VersionId>& pin,
                                           const std::optional<VersionId>&) {
  if (pin) return TRY(find(*pin)).described;
  return TRY(look({m_places.chain, m_places.private_key})).described;
}

Result<std::vector<SourceVersion>> PemFilesSource::versions(const Context&) {
  std::vector<std::tuple<Instant, SourceVersion>> found;
  auto pairs = TRY(earlier_pairs());
  pairs.insert(pairs.begin(), {m_places.chain, m_places.private_key});
  for (const auto& pair : pairs) {
    const auto seen = look(pair);
    if (!seen) continue;  // a folder that cannot be read is no way back, and no reason to hide the others
    const auto& described = seen->described;
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](const auto& one) { return std::get<1>(one).id == described.version; });
    if (!known)
      found.emplace_back(begins(described.certificates_pem), SourceVersion{described.version, described.since});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return std::get<0>(a) > std::get<0>(b); });
  std::vector<SourceVersion> versions;
  for (auto& [begin, version] : found) versions.push_back(std::move(version));
  return versions;
}

Result<FetchedPair> PemFilesSource::fetch(const Context&, const VersionId& version) {
  const auto seen = TRY(find(version));
  FetchedPair fetched;
  fetched.certificates_pem = seen.described.certificates_pem;
  fetched.private_key = TRY(m_files.read_secret(seen.pair.private_key, k_most_bytes));
  if (m_passphrase) fetched.passphrase = TRY(m_passphrase());
  // A renewal replaces the two files one after the other: what was read before must still be there.
  if (certificates_digest(TRY(read_chain(seen.pair))) != version.value) return changed(seen.pair.chain);
  if (is_one_file()) fetched.private_key = TRY(x509::key_in(fetched.private_key));
  return fetched;
}

}  // namespace trunkform::sources
