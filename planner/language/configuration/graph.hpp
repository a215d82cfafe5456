#pragma once
// The order in which names are evaluated. Pure; linear; no recursion, so that a chain of a million is no danger.
#include <cstddef>
#include <vector>

namespace trunkform::language {

struct EvaluationOrder {
  std::vector<std::size_t> sequence;             ///< every node, after all that it needs (but within a cycle)
  std::vector<std::vector<std::size_t>> cycles;  ///< one way around each knot, beginning with its least node
};

/// `needs[n]`: what node n refers to; may repeat.
EvaluationOrder order_of(const std::vector<std::vector<std::size_t>>& needs);

}  // namespace trunkform::language
