#pragma once
// For `validate`: hooks that were trusted and have changed since, which the next plan would refuse.
#include <vector>

#include "cmd/trunkform/session.hpp"
#include "schemas/model/diagnostic.hpp"
#include "schemas/model/issuing.hpp"

namespace trunkform::cli {

/// What is not trusted at all, or no trust file that can be read, is no matter here: who checks a configuration need
/// not be who applies it.
void warn_of_changed_hooks(const World& world, Session& session, const std::vector<IssueRequest>& requests,
                           Diagnostics& diagnostics);

}  // namespace trunkform::cli
