#include "planner/diff/organisation.hpp"

namespace trunkform::diff {

bool learns_organisation(const Organisation& pinned, const Organisation& now) {
  return !pinned.by_api && now.by_api && pinned.id == now.client;
}

bool is_organisation_of(const Organisation& pinned, const Organisation& now) {
  return pinned.id == now.id || learns_organisation(pinned, now);
}

}  // namespace trunkform::diff
