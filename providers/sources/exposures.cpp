#include "providers/sources/exposures.hpp"

namespace trunkform::sources {

KeyExposures exposures_in(FileSystem& files, const Path& key, Sealing sealing) {
  using Kind = KeyExposure::Kind;
  auto found = files.key_exposures(key);
  std::erase_if(found, [&](const KeyExposure& one) {
    return one.kind == Kind::replaced_by_some || (one.kind == Kind::read_by_all && sealing == Sealing::passphrase);
  });
  return found;
}

}  // namespace trunkform::sources
