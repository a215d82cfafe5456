// JSON with positions: whatever the bytes are, a document or a diagnostic with a place in the text.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "planner/language/json/parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = trunkform::language::parse_json("x.trunk.json", {reinterpret_cast<const char*>(data), size});
  if (parsed.document == nullptr && parsed.diagnostics.empty()) std::abort();  // refused, and nobody is told
  return 0;
}
