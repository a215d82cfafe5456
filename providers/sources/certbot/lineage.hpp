#pragma once
// Certbot's folder of one certificate: `live/NAME/{cert,chain,fullchain,privkey}.pem` are links to
// `archive/NAME/<kind>N.pem`. Certbot changes the links one at a time: a number counts only when all four agree, and
// not while a `previous_*` link of a renewal in progress is there (certbot/_internal/storage.py). Inside this folder
// only.
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/file_system.hpp"

namespace trunkform::sources {

struct CertbotPlace {
  Path archive;
  unsigned number = 0;

  Path file(std::string_view kind) const;  ///< `archive/NAME/fullchain3.pem`
};

/// Errors: unavailable (a renewal is in progress: try again), not_found, invalid_input (no lineage of Certbot's).
Result<CertbotPlace> current_place(FileSystem& files, const Path& live);

/// Every number whose four files are all there, newest first.
Result<std::vector<unsigned>> complete_numbers(FileSystem& files, const Path& archive);

}  // namespace trunkform::sources
