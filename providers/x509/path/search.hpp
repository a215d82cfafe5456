#pragma once
// The paths from a leaf to a trust store, and the one that answers. Inside this room only. Thread-safe.
#include <optional>
#include <vector>

#include "providers/x509/path/step.hpp"
#include "providers/x509/signatures.hpp"
#include "providers/x509/trust_store.hpp"

namespace trunkform::x509::detail {

/// What was found of one path.
struct Judged {
  Steps path;                              ///< leaf first
  bool complete = false;                   ///< its last is the trust store's
  std::vector<PathFault> faults;           ///< in the table's order
  bool blocked = false;                    ///< one of them blocks
  std::optional<std::size_t> out_of_time;  ///< the lowest that has ended or has not begun

  bool is_trusted() const { return complete && !blocked && !out_of_time; }
};

/// Leaf first; the rest in any order, with surplus. The first path without fault is the answer, shorter ways to an
/// anchor before longer ones; where there is none, the complete one with the least fault; where none is complete, the
/// way as far as it leads. Work is limited, however the certificates are knotted: at most `k_most_signatures` are
/// verified and `k_most_steps` taken for one answer.
Judged find_path(const std::vector<Step>& given, const TrustStore& trust, const Demands& demands,
                 Signatures* signatures);

inline constexpr int k_most_signatures = 256;
inline constexpr int k_most_steps = 4096;

}  // namespace trunkform::x509::detail
