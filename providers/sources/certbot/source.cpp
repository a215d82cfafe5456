#include "providers/sources/certbot/source.hpp"

#include <charconv>

#include <fmt/format.h>

#include "providers/sources/exposures.hpp"
#include "providers/sources/offered_text.hpp"

namespace trunkform::sources {
namespace {

VersionId version_of(const CertbotPlace& place, const std::string& pem) {
  return {fmt::format("{}-{}", place.number, certificates_digest(pem).substr(0, 16))};
}

Error gone(const VersionId& version, const Path& live) {
  return Error(ErrorCode::conflict,
               fmt::format("certbot's '{}' no longer has version {}", live.string(), version.value))
      .hint("review a new plan: trunkform plan -out=new.trunkplan");
}

}  // namespace

/// Certbot puts no key there; a person or a deploy hook may have.
Result<std::string> CertbotSource::read_chain(const CertbotPlace& place) {
  auto text = TRY(read_chain_text(m_files, place.file("fullchain")));
  if (text.has_key) m_key_in_chain = true;
  return std::move(text.certificates_pem);
}

Result<Described> CertbotSource::look(const CertbotPlace& place) {
  Described described;
  described.certificates_pem = TRY(read_chain(place));
  described.version = version_of(place, described.certificates_pem);
  if (auto modified = m_files.modified(place.file("fullchain"))) described.since = *modified;
  if (auto readable = m_files.check_readable(place.file("privkey")); !readable)
    described.key_unreadable = std::move(readable.error());
  return described;
}

Result<CertbotPlace> CertbotSource::find(const VersionId& version) {
  auto place = TRY(current_place(m_files, m_live));
  const auto* begin = version.value.data();
  const auto* end = begin + version.value.size();
  if (const auto parsed = std::from_chars(begin, end, place.number); parsed.ec != std::errc())
    return gone(version, m_live);
  const auto seen = look(place);
  if (!seen || seen->version != version) return gone(version, m_live);
  return place;
}

Result<Described> CertbotSource::describe(const Context&, const std::optional<VersionId>& pin,
                                          const std::optional<VersionId>&) {
  return look(pin ? TRY(find(*pin)) : TRY(current_place(m_files, m_live)));
}

Result<std::vector<SourceVersion>> CertbotSource::versions(const Context&) {
  auto place = TRY(current_place(m_files, m_live));
  std::vector<SourceVersion> versions;
  for (const auto number : TRY(complete_numbers(m_files, place.archive))) {
    place.number = number;
    if (const auto seen = look(place)) versions.push_back({seen->version, seen->since});
  }
  return versions;
}

Result<FetchedPair> CertbotSource::fetch(const Context&, const VersionId& version) {
  const auto place = TRY(find(version));
  FetchedPair fetched;
  fetched.certificates_pem = TRY(read_chain(place));
  fetched.private_key = TRY(m_files.read_secret(place.file("privkey"), k_most_bytes));
  if (version_of(place, fetched.certificates_pem) != version) return gone(version, m_live);
  return fetched;
}

/// By the link, whose folder counts as the archive does.
KeyExposures CertbotSource::exposures() { return exposures_in(m_files, m_live / "privkey.pem", Sealing::none); }

}  // namespace trunkform::sources
