#include "schemas/model/region.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace trunkform {

const std::vector<std::string>& genesys_regions() {
  static const std::vector<std::string> regions{
      "mypurecloud.com",  "mypurecloud.ie",         "mypurecloud.com.au",   "mypurecloud.jp",  "mypurecloud.de",
      "usw2.pure.cloud",  "cac1.pure.cloud",        "apne2.pure.cloud",     "euw2.pure.cloud", "aps1.pure.cloud",
      "sae1.pure.cloud",  "mec1.pure.cloud",        "apne3.pure.cloud",     "euc2.pure.cloud", "mxc1.pure.cloud",
      "apse1.pure.cloud", "use2.us-gov-pure.cloud", "edee1.eusc-pure.cloud"};
  return regions;
}

std::optional<std::string> genesys_region_of(std::string_view amazon_region) {
  using Row = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Row, 14> k_rows{{{"us-east-1", "mypurecloud.com"},
                                               {"eu-west-1", "mypurecloud.ie"},
                                               {"ap-southeast-2", "mypurecloud.com.au"},
                                               {"ap-northeast-1", "mypurecloud.jp"},
                                               {"eu-central-1", "mypurecloud.de"},
                                               {"us-west-2", "usw2.pure.cloud"},
                                               {"ca-central-1", "cac1.pure.cloud"},
                                               {"ap-northeast-2", "apne2.pure.cloud"},
                                               {"eu-west-2", "euw2.pure.cloud"},
                                               {"ap-south-1", "aps1.pure.cloud"},
                                               {"sa-east-1", "sae1.pure.cloud"},
                                               {"me-central-1", "mec1.pure.cloud"},
                                               {"ap-northeast-3", "apne3.pure.cloud"},
                                               {"eu-central-2", "euc2.pure.cloud"}}};
  const auto* row =
      std::find_if(k_rows.begin(), k_rows.end(), [&](const Row& one) { return one.first == amazon_region; });
  if (row == k_rows.end()) return std::nullopt;
  return std::string(row->second);
}

}  // namespace trunkform
