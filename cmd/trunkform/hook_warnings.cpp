#include "cmd/trunkform/hook_warnings.hpp"

#include <set>
#include <utility>

#include "cmd/trunkform/trusted_program.hpp"
#include "planner/issuing/programs.hpp"

namespace trunkform::cli {

void warn_of_changed_hooks(const World& world, Session& session, const std::vector<IssueRequest>& requests,
                           Diagnostics& diagnostics) {
  std::set<std::pair<std::string, const engine::TrustedProgram*>> seen;  // many certificates have one issuer
  for (const auto& request : requests) {
    const auto runs = issuing::hook_runs(request);
    if (runs.empty()) continue;
    const auto trust = session.trust();
    if (!trust) return;
    for (const auto& command : runs) {
      const auto allowed = (*trust)->allow_program(command);
      if (!allowed || !seen.emplace(request.issuer_address, *allowed).second) continue;
      auto unchanged = is_as_trusted(world, **allowed);
      if (unchanged) continue;
      auto error = std::move(unchanged.error()).of(request.issuer_address);
      if (!request.issuer_range.file.empty()) error.source = request.issuer_range;
      diagnostics.warn(std::move(error));
    }
  }
}

}  // namespace trunkform::cli
