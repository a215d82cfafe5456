#include "providers/sources/pkcs12/source.hpp"

#include <fmt/format.h>

#include "providers/sources/exposures.hpp"
#include "providers/sources/folder_pattern.hpp"
#include "providers/sources/offered_text.hpp"
#include "providers/sources/versions_in_files.hpp"
#include "providers/x509/pkcs12_content.hpp"

namespace trunkform::sources {
namespace {

/// What the file is, in front of what is wrong with it.
Error of_file(const Path& file, Error why) {
  why.summary = fmt::format("'{}': {}", file.string(), why.summary);
  return why;
}

}  // namespace

Result<Described> Pkcs12Source::look(const Path& file, const SecretBuffer& passphrase) {
  const auto bytes = TRY(m_files.read_secret(file, k_most_bytes));
  auto certificates = x509::certificates_in_pkcs12(bytes, passphrase);
  if (!certificates) return of_file(file, std::move(certificates.error()));
  Described described;
  described.certificates_pem = std::move(*certificates);
  described.version = {certificates_digest(described.certificates_pem)};
  if (auto modified = m_files.modified(file)) described.since = *modified;
  return described;
}

/// The current file, and the earlier ones.
Result<std::vector<Path>> Pkcs12Source::places() {
  std::vector<Path> places{m_places.file};
  if (m_places.versions.empty()) return places;
  for (const auto& folder : TRY(matching_folders(m_files, m_places.versions)))
    if (auto file = folder / m_places.file.filename(); TRY(m_files.exists(file))) places.push_back(std::move(file));
  return places;
}

Result<Described> Pkcs12Source::describe(const Context&, const std::optional<VersionId>& pin,
                                         const std::optional<VersionId>&) {
  const auto secret = TRY(passphrase());
  if (!pin) return look(m_places.file, secret);
  const auto all = TRY(places());
  return TRY(find_version({all.size(), [&](std::size_t place) { return look(all[place], secret); }}, *pin,
                          file_changed(m_places.file.string())))
      .described;
}

Result<std::vector<SourceVersion>> Pkcs12Source::versions(const Context&) {
  const auto secret = TRY(passphrase());
  const auto all = TRY(places());
  return versions_in({all.size(), [&](std::size_t place) { return look(all[place], secret); }});
}

Result<FetchedPair> Pkcs12Source::fetch(const Context&, const VersionId& version) {
  const auto secret = TRY(passphrase());
  const auto all = TRY(places());
  const auto found = TRY(find_version({all.size(), [&](std::size_t place) { return look(all[place], secret); }},
                                      version, file_changed(m_places.file.string())));
  const auto bytes = TRY(m_files.read_secret(all[found.place], k_most_bytes));
  auto content = x509::open_pkcs12(bytes, secret);
  if (!content) return of_file(all[found.place], std::move(content.error()));
  if (certificates_digest(content->certificates_pem) != version.value) return file_changed(all[found.place].string());
  if (content->private_key.empty())
    return Error(ErrorCode::invalid_input,
                 fmt::format("'{}' has certificates and no private key", all[found.place].string()))
        .hint("export it with its key; `openssl pkcs12 -info -noout -in FILE` shows what is in it");
  FetchedPair fetched;
  fetched.certificates_pem = std::move(content->certificates_pem);
  fetched.private_key = std::move(content->private_key);
  return fetched;
}

KeyExposures Pkcs12Source::exposures() {
  return exposures_in(m_files, m_places.file, m_passphrase ? Sealing::passphrase : Sealing::none);
}

}  // namespace trunkform::sources
