#include "cmd/trunkform/hook_warnings.hpp"

#include <set>

#include "cmd/trunkform/trusted_program.hpp"
#include "planner/issuing/programs.hpp"

namespace trunkform::cli {

void warn_of_changed_hooks(const World& world, Session& session, const std::vector<IssueRequest>& requests,
                           Diagnostics& diagnostics) {
  std::set<std::string> seen;  // many certificates have one issuer
  for (const auto& request : requests) {
    auto command = issuing::hook_of(request.issuer);
    if (command.empty() || !seen.insert(request.issuer_address).second) continue;
    command.insert(command.end(), {"present", "RECORD", "VALUE"});
    const auto trust = session.trust();
    if (!trust) return;
    const auto allowed = (*trust)->allow_program(command);
    if (!allowed) continue;
    auto unchanged = is_as_trusted(world, **allowed);
    if (unchanged) continue;
    auto error = std::move(unchanged.error()).of(request.issuer_address);
    if (!request.issuer_range.file.empty()) error.source = request.issuer_range;
    diagnostics.warn(std::move(error));
  }
}

}  // namespace trunkform::cli
