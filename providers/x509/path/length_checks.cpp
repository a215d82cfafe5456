#include <fmt/format.h>

#include "providers/x509/path/checks.hpp"

namespace trunkform::x509::detail {

Place place_in(const Steps& path, std::size_t depth) {
  return {static_cast<int>(depth), depth > 0 && depth + 1 == path.size()};
}

/// Self-issued intermediates are not counted (RFC 5280 §6.1.4 (l)), and neither is the leaf.
void check_lengths(const Steps& path, const Demands& demands, Faults& faults) {
  int intermediates = 0;
  for (std::size_t depth = 1; depth < path.size(); ++depth) {
    const auto& reading = path[depth]->reading();
    const auto& constraints = reading.basic_constraints;
    if (constraints && constraints->is_authority && constraints->path_length &&
        intermediates > *constraints->path_length) {
      faults.add(PathCheck::path_length, *path[depth], place_in(path, depth),
                 fmt::format("it allows {} intermediates below it, and there are {}", *constraints->path_length,
                             intermediates));
    }
    if (depth + 1 < path.size() && !reading.self_issued) ++intermediates;
  }
  if (demands.max_depth && intermediates > *demands.max_depth) {
    faults.add(PathCheck::path_depth, *path.front(), place_in(path, 0),
               fmt::format("there are {} intermediates, and {} are allowed", intermediates, *demands.max_depth));
  }
}

}  // namespace trunkform::x509::detail
