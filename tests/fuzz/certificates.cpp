// PEM of any origin: a source's file, or what the service says is on a trunk.
#include <cstdint>
#include <string_view>

#include "providers/x509/facts_cache.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  trunkform::x509::FactsCache facts;
  (void)facts.chain_of_pem({reinterpret_cast<const char*>(data), size});
  return 0;
}
