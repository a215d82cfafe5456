#pragma once
// TrunkApi over the Genesys Cloud API, dialect `guide` (docs/genesys-api.md).
#include <memory>

#include "providers/genesys/options.hpp"
#include "providers/x509/facts_cache.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"
#include "schemas/ports/random.hpp"
#include "schemas/ports/trunk_api.hpp"

namespace trunkform::genesys {

/// The ports and `facts` are borrowed. Sends nothing by itself; the token is fetched by the first call.
std::unique_ptr<TrunkApi> make_guide_client(Options options, HttpClient& http, Clock& clock, Random& random,
                                            x509::FactsCache& facts);

}  // namespace trunkform::genesys
