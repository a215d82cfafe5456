#pragma once
// What others than the user and root could do with a private key, or in its place, by owners and modes alone. How the
// kinds are judged is docs/decisions/0390. Plain values.
#include <vector>

#include "schemas/model/error.hpp"

namespace trunkform {

struct KeyExposure {
  enum class Kind {
    read_by_all,       ///< the key itself
    replaced_by_all,   ///< everybody may put another in its place
    replaced_by_some,  ///< a group, or another owner: somebody whom an administrator named
  };
  Kind kind = Kind::read_by_all;
  Error error;  ///< untrusted, with the command that mends it
};
using KeyExposures = std::vector<KeyExposure>;

}  // namespace trunkform
