#pragma once
// Trunks out of the service's JSON. A listing of ten thousand is 40 MB: pages are read on demand (simdjson), and of
// each certificate only its facts are kept, shared by fingerprint. One reader per thread; it keeps the parser's memory.
#include <memory>
#include <string>
#include <vector>

#include "providers/x509/facts_cache.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/trunk.hpp"

namespace trunkform::genesys {

/// The paged envelope. Sizes are the service's word.
struct TrunkPage {
  std::vector<LiveTrunk> trunks;
  std::uint64_t total = 0;
  std::uint64_t page_size = 0;    ///< 0 where it is not told
  std::uint64_t page_number = 0;  ///< 0 where it is not told
};

class TrunkReader {
 public:
  /// `facts` is borrowed.
  explicit TrunkReader(x509::FactsCache& facts);
  ~TrunkReader();
  TrunkReader(const TrunkReader&) = delete;
  TrunkReader& operator=(const TrunkReader&) = delete;

  /// `body` may be given more capacity. Errors: protocol, whose summary completes "answered 200 with …".
  Result<TrunkPage> page(std::string& body);
  Result<LiveTrunk> trunk(std::string& body);

 private:
  struct Parser;
  x509::FactsCache& m_facts;
  std::unique_ptr<Parser> m_parser;
};

}  // namespace trunkform::genesys
