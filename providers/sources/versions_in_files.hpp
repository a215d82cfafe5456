#pragma once
// Versions that lie in files: the current one, and earlier ones in folders beside it. Inside sources only.
#include <functional>
#include <vector>

#include "schemas/ports/certificate_source.hpp"

namespace trunkform::sources {

/// Number 0 is the current place; each is looked at when it is its turn.
struct FilePlaces {
  std::size_t count = 1;
  std::function<Result<Described>(std::size_t place)> look;
};

/// Where a version lies, and what is there. Errors: the current place's own; `changed` where none has the version.
struct FoundVersion {
  std::size_t place = 0;
  Described described;
};
Result<FoundVersion> find_version(const FilePlaces& places, const VersionId& version, const Error& changed);

/// Newest first by when their youngest certificate begins: files may be copied about. What cannot be read is no way
/// back, and no reason to hide the others.
std::vector<SourceVersion> versions_in(const FilePlaces& places);

/// The file holds another version than the one that was planned.
Error file_changed(const std::string& file);

}  // namespace trunkform::sources
