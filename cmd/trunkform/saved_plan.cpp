#include "cmd/trunkform/saved_plan.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "planner/diff/issued.hpp"
#include "schemas/codec/certificate_names.hpp"
#include "schemas/codec/plan_codec.hpp"
#include "schemas/codec/sealed_codec.hpp"

namespace trunkform::cli {
namespace {

Error other_than_planned(const std::string& what, const std::string& planned, const std::string& now) {
  return Error(ErrorCode::conflict, fmt::format("the plan was made for another {}", what),
               fmt::format("planned for {}, now {}", planned, now))
      .hint("check credentials, region and workspace, or review a new plan: trunkform plan -out=FILE");
}

/// `now`: digest of the binding as it is configured; null where it is not. The digest of what the plan would really do
/// is computed anew: the file is the user's, and its own word for it proves nothing.
std::optional<std::string> what_changed(const PlannedChange& change, const std::string* now) {
  if (!change.binding) {
    if (now == nullptr) return std::nullopt;
    return "the plan forgets it, and it is in the configuration again";
  }
  if (now == nullptr) return "it is no longer in the configuration";
  if (*now == binding_digest(*change.binding)) return std::nullopt;
  return "its arguments are other than the ones that were reviewed";
}

/// A sensitive one is not in the file: what it changes of a binding is seen by the binding's digest.
Result<> check_variables(const Plan& plan, const language::Loaded& loaded) {
  for (const auto& [name, planned] : plan.variables) {
    const auto now = loaded.variables.find(name);
    if (now == loaded.variables.end() || now->second == planned) continue;
    return Error(ErrorCode::conflict, fmt::format("the plan was made with another value of the variable {}", name),
                 fmt::format("planned with {}, now {}", planned, now->second))
        .hint(
            "leave it out: the plan brings the variables that it was made with (-var, -var-file, TRUNKFORM_VAR_… and "
            "*.auto.trunkvars.json come before those)")
        .hint(fmt::format("or review a new plan with it: trunkform plan -var '{}=…' -out=FILE", name));
  }
  return {};
}

}  // namespace

Result<Plan> read_plan_file(World& world, Session& session, const std::string& name) {
  const auto path = Path(name).is_absolute() ? Path(name) : world.folder / name;
  const auto bytes = TRY(world.files.read(path));
  if (is_sealed_text(bytes)) {
    auto text = TRY(session.backend())->seal->open_text(state::k_plan_text, bytes);
    if (!text) text.error().summary = fmt::format("cannot open the plan {}: {}", name, text.error().summary);
    return decode_plan(TRY(std::move(text)));
  }
  auto plan = decode_plan(bytes);
  // What is no plan is told as that first.
  const auto settings = session.configured_backend();
  if (plan && settings && settings->encryption)
    return Error(ErrorCode::untrusted, fmt::format("the plan {} is not encrypted", name),
                 "trunkform.state_encryption says that it must be: nothing that is in the clear is believed")
        .hint("review a new one: trunkform plan -out=FILE");
  return plan;
}

Result<std::string> plan_file(Session& session, Plan& plan) {
  return TRY(session.backend())->seal->seal_text(state::k_plan_text, encode_plan(plan));
}

Result<> check_plan_before_login(const Plan& plan, Session& session) {
  TRY(check_variables(plan, session.loaded()));
  TRY(session.api());
  if (plan.service != session.service()) return other_than_planned("service", plan.service, session.service());
  const auto read = TRY(session.read_state());
  if (!read.snapshot) return {};
  // One that is pinned by its client alone is compared with what the service answers.
  if (const auto& pinned = read.snapshot->document.organisation;
      pinned && pinned->by_api && pinned->id != plan.organisation.id)
    return other_than_planned("organisation", plan.organisation.id, pinned->id);
  return {};
}

Result<> check_plan_as_a_whole(const Plan& plan, const std::optional<Snapshot>& state, const Organisation& organisation,
                               const std::string& service) {
  if (plan.service != service) return other_than_planned("service", plan.service, service);
  if (plan.organisation.id != organisation.id)
    return other_than_planned("organisation", plan.organisation.id, organisation.id);
  const auto lineage = plan.state ? plan.state->lineage : std::string();
  const auto current = state ? state->token.lineage : std::string();
  // A plan made before there was a state may be applied again, to finish what its first run began.
  if (plan.state && lineage != current)
    return other_than_planned("state", "lineage " + lineage,
                              current.empty() ? "there is no state" : "lineage " + current);
  return {};
}

namespace {

/// A key that was to be used again when the plan was made, and is not any more. The other way round a plan may have
/// found a reason to make one.
bool may_not_reuse_any_more(const language::Configuration& configuration, const IssueRequest& configured,
                            const IssueRequest& planned) {
  return planned.reuse_key && (!configured.reuse_key || is_compromised(configuration.bindings, configured.address));
}

/// As a plan has it: names in their usual form.
bool asks_for_the_same(IssueRequest configured, const IssueRequest& planned) {
  for (auto& name : configured.names) name = usual_form(name);
  return std::tie(configured.issuer, configured.store, configured.names, configured.key, configured.lifetime,
                  configured.profile) ==
         std::tie(planned.issuer, planned.store, planned.names, planned.key, planned.lifetime, planned.profile);
}

/// A request is reviewed too: who signs, for which names, and where the key goes.
void check_issues(Plan& plan, const language::Configuration& configuration) {
  for (auto& issue : plan.issues) {
    if (!issue.issues()) continue;
    const auto& issued = configuration.issued;
    const auto now = std::find_if(issued.begin(), issued.end(),
                                  [&](const auto& one) { return one.address == issue.request.address; });
    if (now != issued.end() && asks_for_the_same(*now, issue.request) &&
        !may_not_reuse_any_more(configuration, *now, issue.request)) {
      issue.request.range = now->range;
      issue.request.issuer_range = now->issuer_range;
      issue.request.store_range = now->store_range;
      continue;
    }
    issue.error = Error(ErrorCode::conflict, "stale_configuration: this block was changed after the plan was made",
                        now == issued.end() ? "it is not in the configuration any more" : "")
                      .of(issue.request.address)
                      .hint("review a new plan: trunkform plan -out=FILE");
    for (auto& change : plan.changes)
      if (change.gate == Gate::none && diff::is_to_come(change) &&
          change.binding->certificate == issue.request.address) {
        change.gate = Gate::stale_configuration;
        change.error = Error(*issue.error).of(to_string(change.address));
      }
  }
}

}  // namespace

void check_plan_by_address(Plan& plan, const language::Configuration& configuration) {
  check_issues(plan, configuration);
  std::map<Address, std::string> digests;
  for (const auto& binding : configuration.bindings) digests.emplace(binding.address, binding_digest(binding));
  const auto is_protected = [&](const Address& address) {
    return std::any_of(configuration.bindings.begin(), configuration.bindings.end(),
                       [&](const Binding& binding) { return binding.address == address && binding.prevent_destroy; });
  };
  for (auto& change : plan.changes) {
    if (plan.destroy && change.gate == Gate::none && is_protected(change.address)) {
      change.gate = Gate::prevent_destroy;
      change.error = Error(ErrorCode::conflict, "prevent_destroy: it is protected since the plan was made")
                         .of(to_string(change.address))
                         .hint("take lifecycle.prevent_destroy away, and review a new plan: trunkform plan -destroy");
      continue;
    }
    if (change.gate != Gate::none || change.action == Action::no_op || plan.destroy) continue;
    const auto found = digests.find(change.address);
    auto why = what_changed(change, found == digests.end() ? nullptr : &found->second);
    if (!why) continue;
    change.gate = Gate::stale_configuration;
    change.error = Error(ErrorCode::conflict, "stale_configuration: this binding was changed after the plan was made",
                         std::move(*why))
                       .of(to_string(change.address))
                       .hint("review a new plan: trunkform plan -out=FILE");
  }
}

void refuse_what_others_own(Plan& plan, const std::map<TrunkId, TrunkOwner>& owners) {
  for (auto& change : plan.changes) {
    if (change.gate != Gate::none || !change.trunk_id || change.action == Action::forget) continue;
    const auto owner = owners.find(*change.trunk_id);
    if (owner == owners.end()) continue;
    change.gate = Gate::owned_elsewhere;
    change.error = Error(ErrorCode::conflict, "owned_elsewhere: another state binds this trunk since the plan was made",
                         to_string(owner->second))
                       .of(to_string(change.address))
                       .hint("one of the two has to let it go; there: " + forget_command(owner->second));
  }
}

}  // namespace trunkform::cli
