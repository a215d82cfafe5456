#pragma once
// Whether a key is that of the certificate beside it, for doctor. Thread-safe for different ones.
#include "cmd/engine/sources.hpp"
#include "schemas/model/checkup.hpp"

namespace trunkform::engine {

/// Reads the key of this version, where that takes no right that a plan has not, and judges it by the rules of an
/// apply; its memory is wiped before this returns. `chain`: what the source offers.
void examine_pair(const Context& context, Sources& sources, const Locator& locator, const VersionId& version,
                  const ChainPtr& chain, Checkup& checkup);

}  // namespace trunkform::engine
