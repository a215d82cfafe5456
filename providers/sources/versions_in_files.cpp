#include "providers/sources/versions_in_files.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "providers/x509/certificates.hpp"

namespace trunkform::sources {
namespace {

Instant begins(const std::string& pem) {
  Instant latest = Instant::min();
  const auto certificates = x509::parse_certificates(pem);
  if (!certificates) return latest;
  for (const auto& certificate : *certificates) latest = std::max(latest, certificate.facts->not_before);
  return latest;
}

}  // namespace

Result<FoundVersion> find_version(const FilePlaces& places, const VersionId& version, const Error& changed) {
  auto current = places.look(0);
  if (current && current->version == version) return FoundVersion{0, std::move(*current)};
  for (std::size_t place = 1; place < places.count; ++place)
    if (auto earlier = places.look(place); earlier && earlier->version == version)
      return FoundVersion{place, std::move(*earlier)};
  if (!current) return std::move(current.error());
  return changed;
}

std::vector<SourceVersion> versions_in(const FilePlaces& places) {
  std::vector<std::tuple<Instant, SourceVersion>> found;
  for (std::size_t place = 0; place < places.count; ++place) {
    const auto seen = places.look(place);
    if (!seen) continue;
    const bool known =
        std::any_of(found.begin(), found.end(), [&](const auto& one) { return std::get<1>(one).id == seen->version; });
    if (!known) found.emplace_back(begins(seen->certificates_pem), SourceVersion{seen->version, seen->since});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return std::get<0>(a) > std::get<0>(b); });
  std::vector<SourceVersion> versions;
  versions.reserve(found.size());
  for (auto& [begin, version] : found) versions.push_back(std::move(version));
  return versions;
}

Error file_changed(const std::string& file) {
  return Error(ErrorCode::conflict, fmt::format("'{}' holds another version than the one that was planned", file),
               "the file was replaced between plan and apply, or while it was read")
      .hint("review a new plan: trunkform plan -out=new.trunkplan");
}

}  // namespace trunkform::sources
