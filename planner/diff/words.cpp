#include "planner/diff/words.hpp"

#include <fmt/format.h>

namespace trunkform::diff {

std::string quoted(const Address& address) {
  std::string result = "'";
  for (const char c : to_string(address)) {
    if (c == '\'')
      result += "'\\''";
    else
      result += c;
  }
  return result + "'";
}

std::string in_short(const ChainFacts& chain) {
  return fmt::format("{} (ends {})", to_short(chain.identity.leaf), to_date(chain.least_not_after()));
}

}  // namespace trunkform::diff
