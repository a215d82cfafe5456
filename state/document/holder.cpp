#include "state/document/holder.hpp"

namespace trunkform::state {

std::string describe_holder(const LockInfo& info) {
  return info.who + " holds it since " + to_rfc3339(info.created) + " for `" + info.operation + "` (lock id " +
         info.id + (info.info.empty() ? "" : ", " + info.info) + ")";
}

std::string without_process(const std::string& who) { return who.substr(0, who.find(" (")); }

}  // namespace trunkform::state
