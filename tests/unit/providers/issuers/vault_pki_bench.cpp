#include "tests/unit/providers/issuers/vault_pki_bench.hpp"

#include <nlohmann/json.hpp>

namespace trunkform::issuers {

using Json = nlohmann::json;

std::string VaultBench::issued(const std::string& leaf_pem) const {
  return Json{
      {"data",
       {{"certificate", leaf_pem}, {"ca_chain", {authority.family.intermediate.pem, authority.family.root.pem}}}}}
      .dump();
}

std::string vault_errors(const std::string& words) { return Json{{"errors", {words}}}.dump(); }

}  // namespace trunkform::issuers
