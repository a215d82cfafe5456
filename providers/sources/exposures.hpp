#pragma once
// What of a key file's rights a source tells. Inside sources only.
#include "schemas/ports/file_system.hpp"

namespace trunkform::sources {

enum class Sealing { none, passphrase };

/// A key that is encrypted may well be read. Groups and other owners are left out: what is not ours alone is written by
/// whom an administrator named, such as the renewal of a web server (docs/decisions/0390).
KeyExposures exposures_in(FileSystem& files, const Path& key, Sealing sealing);

}  // namespace trunkform::sources
