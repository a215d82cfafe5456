#pragma once
// Reading a plan that was reviewed, and holding it against the world: what it pins must still be so.
#include "cmd/trunkform/planning_flow.hpp"
#include "schemas/model/plan.hpp"

namespace trunkform::cli {

/// Opened, where it is encrypted. Errors: untrusted (it is not, and the configuration says that it must be), the
/// seal's.
Result<Plan> read_plan_file(World& world, Session& session, const std::string& name);
/// As it is written to a file: encrypted, where the configuration has a key.
Result<std::string> plan_file(Session& session, Plan& plan);

/// What can be told without a request: who applies a plan with other variables, credentials of another place or beside
/// another state must not log in there first. Needs a loaded configuration and an open backend. Errors: conflict, with
/// what to do; what the state said.
Result<> check_plan_before_login(const Plan& plan, Session& session);

/// The whole plan: same state (lineage), organisation and service. Error: conflict, with what to do.
Result<> check_plan_as_a_whole(const Plan& plan, const std::optional<Snapshot>& state, const Organisation& organisation,
                               const std::string& service);

/// Address by address: the binding must still be configured as it was reviewed. One that is not gets an error and is
/// left out (`stale_configuration`); the rest can be applied.
void check_plan_by_address(Plan& plan, const language::Configuration& configuration);

/// Gates what another state binds by now; `owners`: by trunk.
void refuse_what_others_own(Plan& plan, const std::map<TrunkId, TrunkOwner>& owners);

}  // namespace trunkform::cli
