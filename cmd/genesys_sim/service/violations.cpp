#include "cmd/genesys_sim/service/violations.hpp"

#include <utility>

namespace trunkform::sim {

std::string_view to_string(ViolationKind kind) {
  switch (kind) {
    case ViolationKind::patch_body:
      return "patch_body";
    case ViolationKind::unknown_path:
      return "unknown_path";
    case ViolationKind::unsafe_path:
      return "unsafe_path";
    case ViolationKind::token_in_query:
      return "token_in_query";
    case ViolationKind::key_misplaced:
      return "key_misplaced";
    case ViolationKind::accept:
      return "accept";
    case ViolationKind::content_type:
      return "content_type";
    case ViolationKind::body_on_get:
      return "body_on_get";
    case ViolationKind::blind_repeat:
      return "blind_repeat";
    case ViolationKind::body_too_large:
      return "body_too_large";
  }
  return "unknown";
}

void Violations::add(Violation violation) {
  constexpr std::size_t k_kept = 1000;
  ++m_count;
  if (m_items.size() < k_kept) m_items.push_back(std::move(violation));
}

}  // namespace trunkform::sim
