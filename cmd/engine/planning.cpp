#include "cmd/engine/planning.hpp"

#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "cmd/engine/issue_plans.hpp"
#include "cmd/engine/issuing_leftovers.hpp"
#include "cmd/engine/issuing_stage.hpp"
#include "cmd/engine/late_warnings.hpp"
#include "cmd/engine/peer_warnings.hpp"
#include "cmd/engine/records.hpp"
#include "cmd/engine/replacements.hpp"
#include "cmd/engine/side_by_side.hpp"
#include "cmd/engine/window_warnings.hpp"
#include "planner/diff/issued.hpp"
#include "planner/rules/fleet.hpp"
#include "planner/rules/rules.hpp"
#include "planner/schedule/failed_chains.hpp"
#include "planner/schedule/soak.hpp"
#include "planner/schedule/waves.hpp"
#include "schemas/model/version.hpp"

namespace trunkform::engine {
namespace {

/// Everything that one binding's DiffInput borrows.
struct Evidence {
  std::shared_ptr<const Offer> offer;
  std::shared_ptr<const Sources::Standing> standing;  ///< of what is live, where that is another chain
  std::vector<Finding> findings;
  std::vector<Finding> live_findings;
};

/// What a source still has.
struct Stored {
  std::once_flag asked;
  std::vector<VersionId> versions;
};

/// Each is a matter of microseconds.
void for_each_index(std::size_t count, const std::function<void(std::size_t)>& work) {
  side_by_side(processors(), count, 64, work);
}

/// What the service makes of what we sent: its order there is the service's, and the port shows what is sent.
bool is_known_shape(const diff::Observation& observed, const ResourceRecord* prior) {
  return observed.evidence == trunkform::Evidence::api && prior != nullptr && prior->as_read &&
         *prior->as_read == observed.chain->identity;
}

bool issues_anything(const PlanRequest& request) { return request.mode == diff::Mode::apply && !request.refresh_only; }

/// Those that are selected, and those that a selected binding needs.
std::vector<PlannedIssue> issues_of_plan(const PlanRequest& request, const Gathered& gathered) {
  std::vector<PlannedIssue> issues;
  if (!issues_anything(request)) return issues;
  const auto& bindings = request.configuration.bindings;
  for (const auto& issue : gathered.issues) {
    const auto address = parse_address(issue.request.address);
    const bool is_needed = std::any_of(bindings.begin(), bindings.end(), [&](const Binding& binding) {
      return binding.certificate == issue.request.address && request.selection.selects(binding.address);
    });
    const auto& excludes = request.selection.excludes;
    const bool is_excluded = address && std::any_of(excludes.begin(), excludes.end(),
                                                    [&](const Address& one) { return is_within(*address, one); });
    if (is_excluded) continue;
    if (is_needed || (address && request.selection.selects(*address))) issues.push_back(issue);
  }
  return issues;
}

class Planner {
 public:
  /// `issues`: of the plan; outlives this.
  Planner(const Context& context, Sources& sources, const Gathered& gathered, const PlanRequest& request,
          const std::vector<PlannedIssue>& issues, Instant now)
      : m_context(context),
        m_sources(sources),
        m_gathered(gathered),
        m_request(request),
        m_now(now),
        m_trunks(gathered.trunks) {
    for (const auto& issue : issues) m_issues.emplace(issue.request.address, &issue);
  }

  std::vector<PlannedChange> changes() {
    diff::DiffAllInput input{.bindings = {},
                             .records = m_gathered.state ? &m_gathered.state->document.resources : nullptr,
                             .trunks = m_trunks,
                             .organisation = m_gathered.organisation,
                             .pinned_organisation = std::nullopt,
                             .selection = m_request.selection,
                             .mode = m_request.mode,
                             .now = m_now,
                             .for_each_index = for_each_index};
    if (m_gathered.state) input.pinned_organisation = m_gathered.state->document.organisation;
    input.bindings = diff_inputs();
    auto changes = diff::diff_all(std::move(input));
    for (auto& change : changes)
      if (diff::is_to_come(change)) plan_meanwhile(change);
    return changes;
  }

  /// They borrow from this planner.
  std::vector<diff::DiffInput> diff_inputs() {
    const auto& bindings = m_request.configuration.bindings;
    m_evidence = std::vector<Evidence>(bindings.size());
    std::vector<std::optional<diff::DiffInput>> made(bindings.size());
    for_each_index(bindings.size(), [&](std::size_t i) { made[i].emplace(diff_input(bindings[i], m_evidence[i])); });
    std::vector<diff::DiffInput> inputs;
    inputs.reserve(made.size());
    for (auto& input : made) inputs.push_back(std::move(*input));
    return inputs;
  }

 private:
  const Context& m_context;
  Sources& m_sources;
  const Gathered& m_gathered;
  const PlanRequest& m_request;
  Instant m_now;
  diff::TrunkIndex m_trunks;
  std::map<std::string_view, const PlannedIssue*> m_issues;
  std::vector<Evidence> m_evidence;
  std::mutex m_mutex;  ///< of `m_stored`, not of what is in it
  std::map<Locator, Stored> m_stored;

  std::shared_ptr<const Offer> offer_for(const Binding& binding) {
    const auto issue = m_issues.find(binding.certificate);
    const bool is_to_come = issue != m_issues.end() && (issue->second->issues() || issue->second->before == nullptr);
    return is_to_come ? offer_to_come(*issue->second) : m_sources.offer_for(m_context, binding);
  }

  void plan_meanwhile(PlannedChange& change) {
    const auto& issue = *m_issues.at(change.binding->certificate);
    if (issue.before == nullptr || issue.is_unwanted || is_revoked(*issue.before)) return;
    change.meanwhile = diff::meanwhile_of(change, *m_sources.offer_for(m_context, *change.binding), m_now);
    const auto* prior = recorded(m_gathered.state, change.address);
    const bool has_failed_here = prior != nullptr && prior->quarantine && change.meanwhile != nullptr &&
                                 prior->quarantine->identity == change.meanwhile->identity;
    if (has_failed_here && !m_request.overrides.retry) change.meanwhile = nullptr;
  }

  diff::DiffInput diff_input(const Binding& binding, Evidence& evidence) {
    evidence.offer = offer_for(binding);
    const auto* prior = recorded(m_gathered.state, binding.address);
    diff::DiffInput input{.binding = binding,
                          .offer = *evidence.offer,
                          .trunk = m_trunks.look_up(binding.trunk, prior),
                          .now = m_now,
                          .prior = prior};
    input.organisation = m_gathered.organisation;
    if (m_gathered.state) input.pinned_organisation = m_gathered.state->document.organisation;
    // What was begun on another trunk says nothing about this one.
    if (const auto open = m_gathered.open_intents.find(binding.address); open != m_gathered.open_intents.end())
      if (input.trunk.trunk == nullptr || input.trunk.trunk->id == open->second.trunk_id)
        input.open_intent = &open->second;
    input.in_hand = m_gathered.in_hand.contains(binding.address);
    if (input.trunk.trunk != nullptr)
      if (const auto seen = m_gathered.served.find(input.trunk.trunk->id); seen != m_gathered.served.end())
        input.served = seen->second;
    if (input.trunk.trunk != nullptr)
      if (const auto owner = m_gathered.owned_elsewhere.find(input.trunk.trunk->id);
          owner != m_gathered.owned_elsewhere.end())
        input.owned_elsewhere = owner->second;
    if (binding.rollout->stagger > Duration::zero())
      if (const auto paced = m_gathered.paced_until.find(binding.carrier->label); paced != m_gathered.paced_until.end())
        input.paced_until = paced->second;
    input.overrides = m_request.overrides;
    judge(binding, input, evidence);
    insist_as_before(input);
    return input;
  }

  /// What an earlier `-replace` asked for is wanted until it is done.
  void insist_as_before(diff::DiffInput& input) const {
    if (!m_gathered.state || m_gathered.state->document.replacements.empty()) return;
    const auto observed = diff::observe(input.trunk, input.served, input.prior);
    input.asked_before =
        still_asked(m_gathered.state->document.replacements, input.binding.address, leaf_of(observed.chain));
  }

  bool is_revoked(const ChainFacts& chain) const {
    return m_gathered.state && is_among(m_gathered.state->document.revoked, chain);
  }

  void judge(const Binding& binding, diff::DiffInput& input, Evidence& evidence) {
    const auto observed = diff::observe(input.trunk, input.served, input.prior);
    const auto& offer = *evidence.offer;
    rules::RuleInput rule_input;
    rule_input.carrier = &*binding.carrier;
    rule_input.names = binding.identity;
    rule_input.now = m_now;
    if (offer.chain != nullptr) {
      const bool same = observed.chain != nullptr && observed.chain->identity == offer.chain->identity;
      if (same) input.observed_path = &offer.path;
      auto of_offer = rule_input;
      of_offer.chain = offer.chain;
      of_offer.bundle = &offer.bundle;
      of_offer.path = &offer.path;
      if (is_revoked(*offer.chain)) of_offer.revocation = Revocation::revoked;
      if (observed.chain != nullptr && observed.chain->identity.leaf != offer.chain->identity.leaf)
        of_offer.previous = &observed.chain->leaf();
      evidence.findings = rules::judge(of_offer);
      input.findings = &evidence.findings;
      if (same) input.live_findings = &evidence.findings;
    }
    if (observed.chain == nullptr || input.live_findings != nullptr) return;
    // What is live was not built by us: judged as it stands.
    rule_input.chain = observed.chain;
    rule_input.arrangement =
        is_known_shape(observed, input.prior) ? rules::Arrangement::rebuilt : rules::Arrangement::as_it_stands;
    evidence.standing = m_sources.standing_of(observed.chain, binding);
    if (evidence.standing != nullptr) {
      rule_input.path = input.observed_path = &evidence.standing->path;
      if (evidence.standing->bundle) rule_input.bundle = &*evidence.standing->bundle;
    }
    if (is_revoked(*observed.chain)) rule_input.revocation = Revocation::revoked;
    evidence.live_findings = rules::judge(rule_input);
    input.live_findings = &evidence.live_findings;
    input.stored_versions = &versions_of(binding.locator);
  }

  /// Asked once for each source, by whoever comes first; those who ask for another one do not wait for it.
  const std::vector<VersionId>& versions_of(const Locator& locator) {
    auto& stored = [&]() -> Stored& {
      const std::lock_guard lock(m_mutex);
      return m_stored[locator];
    }();
    std::call_once(stored.asked, [&] {
      if (const auto versions = m_sources.versions(m_context, locator))
        for (const auto& version : *versions)
          if (version.status == VersionStatus::usable) stored.versions.push_back(version.id);
    });
    return stored.versions;
  }
};

std::vector<PlannedOutput> plan_outputs(const PlanRequest& request, const Gathered& gathered) {
  std::vector<PlannedOutput> outputs;
  const std::map<std::string, OutputRecord> none;
  const auto& prior = gathered.state ? gathered.state->document.outputs : none;
  for (const auto& output : request.configuration.outputs) {
    PlannedOutput planned{output.name, output.sensitive ? std::string() : output.json, output.type, output.sensitive};
    const auto before = prior.find(output.name);
    if (before == prior.end())
      planned.action = Action::create;
    else if (before->second.json != planned.json || before->second.type != planned.type)
      planned.action = Action::update;
    outputs.push_back(std::move(planned));
  }
  for (const auto& [name, record] : prior) {
    const auto same_name = [&](const auto& output) { return output.name == name; };
    if (std::none_of(outputs.begin(), outputs.end(), same_name))
      outputs.push_back({name, record.json, record.type, record.sensitive, Action::remove});
  }
  return outputs;
}

/// What was seen behind a port of a carrier needs no canary there any more.
schedule::ProvenChains proven_chains(const PlanRequest& request, const Gathered& gathered,
                                     const std::vector<schedule::OpenSoak>& soaks) {
  schedule::ProvenChains proven;
  if (!gathered.state) return proven;
  proven.merge(
      schedule::proofs(request.configuration.bindings, gathered.state->document.resources, gathered.leaving()));
  schedule::add_canaries(proven, soaks);
  return proven;
}

/// Who writes what, in which waves, and how long that takes.
void add_rollout(const PlanRequest& request, const Gathered& gathered, Plan& plan, Instant now) {
  schedule::SoaksOfRun soaks;
  if (gathered.state && !request.refresh_only && request.mode == diff::Mode::apply)
    soaks = schedule::soaks_of_run(request.configuration.bindings, plan.changes, schedule::writes_of(plan.changes),
                                   gathered.state->document.resources, gathered.leaving(), now);
  plan.waves = schedule::waves(plan.changes, proven_chains(request, gathered, soaks.open));
  schedule::SoaksLeft left;
  for (const auto& soak : soaks.open) {
    auto& longest = left[soak.change->binding->carrier->label];
    longest = std::max(longest, soak.ends - now);
  }
  plan.requests = schedule::requests(plan.changes) + soaks.open.size();
  plan.estimate = schedule::estimate(plan.waves, Duration::zero(), left);
  warn_of_short_windows(plan, left, now);
  warn_of_late_binds(plan, left, now);
}

void add_fleet_warnings(Plan& plan) {
  std::vector<rules::FleetMember> members;
  for (const auto& change : plan.changes) {
    const auto& chain = change.after ? change.after : change.before;
    if (chain == nullptr) continue;
    members.push_back({to_string(change.address), chain, chain->least_not_after()});
  }
  for (const auto& finding : rules::judge_fleet(members)) {
    auto warning = Error(ErrorCode::invalid_input, finding.message);
    if (!finding.mend.empty()) warning.hints.push_back(finding.mend);
    plan.diagnostics.push_back({Severity::warning, std::move(warning)});
  }
}

/// The rollout of this plan would pass them over; who reviews it should know.
void hold_back_failed_chains(const PlanRequest& request, const Gathered& gathered, Plan& plan, Instant now) {
  if (!gathered.state || request.overrides.retry) return;
  const schedule::FailedChains failed(request.configuration.bindings, gathered.state->document.resources,
                                      gathered.leaving());
  struct Held {
    std::size_t on = 0;  ///< trunks on which it failed
    std::size_t of = 0;  ///< changes of this plan
    std::string told;
  };
  std::map<std::pair<std::string, Fingerprint>, Held> held;
  for (auto& change : plan.changes) {
    if (change.meanwhile != nullptr) {
      auto meanwhile = change;
      meanwhile.after = change.meanwhile;
      if (failed.holds(meanwhile, now) > 0) change.meanwhile = nullptr;
    }
    if (const auto others = failed.holds(change, now); others > 0) {
      change.held_back = true;
      auto& [on, of, told] = held[{change.binding->carrier->label, change.after->identity.chain}];
      on = others;
      ++of;
      told = failed.told(change);
    }
  }
  for (const auto& [place, one] : held)
    plan.diagnostics.push_back(
        {Severity::warning,
         Error(
             ErrorCode::rejected,
             fmt::format("chain {} failed on {} trunk{} of carrier {} or was rolled back there, and is not tried on {} "
                         "of this plan",
                         to_short(place.second), one.on, one.on == 1 ? "" : "s", place.first,
                         one.of == 1 ? "the one" : fmt::format("the {}", one.of)),
             one.told)
             .hint("what is wrong with it there is likely to be wrong with it on every trunk of that carrier: offer "
                   "another chain in the source, which is tried as usual")
             .hint("or insist, with a new canary: trunkform apply -retry")});
}

/// As `apply` does it: a part of the configuration says nothing of the rest.
std::vector<PlannedLeftover> leftovers_of_plan(const PlanRequest& request, const Gathered& gathered, const Plan& plan) {
  std::vector<PlannedLeftover> leftovers;
  const bool is_partial = !request.selection.targets.empty() || !request.selection.excludes.empty();
  if (is_partial || request.refresh_only) return leftovers;
  static const std::vector<IssueRequest> k_none;
  for (const auto& leftover :
       leftovers_of(gathered.state, plan.issues, plan.destroy ? k_none : request.configuration.issued))
    leftovers.push_back(shown(leftover));
  return leftovers;
}

}  // namespace

void judge_bindings(const Context& context, Sources& sources, const Gathered& gathered, const PlanRequest& request,
                    Instant now, const std::function<void(std::vector<diff::DiffInput>)>& use) {
  // What will be issued is not there to be judged: further ahead, a source is taken to renew what it offers now.
  const std::vector<PlannedIssue> none;
  Planner planner(context, sources, gathered, request, none, now);
  use(planner.diff_inputs());
}

Plan make_plan(const Context& context, Sources& sources, const Gathered& gathered, const PlanRequest& request,
               Instant now) {
  Plan plan;
  plan.tool_version = std::string(version());
  plan.created = now;
  plan.destroy = request.mode == diff::Mode::destroy;
  plan.refresh_only = request.refresh_only;
  plan.ignore_window = request.overrides.ignore_window;
  // What an interrupted first run left in the log alone was never written: its lineage is not pinned yet.
  if (gathered.state && gathered.state->token.serial > 0) plan.state = gathered.state->token;
  plan.organisation = gathered.organisation;
  plan.service = request.service;
  plan.variables = request.variables;
  plan.sensitive_variables = request.sensitive_variables;
  plan.file_digests = request.file_digests;
  plan.diagnostics = gathered.diagnostics;
  plan.issues = issues_of_plan(request, gathered);
  plan.leftovers = leftovers_of_plan(request, gathered, plan);
  plan.changes = Planner(context, sources, gathered, request, plan.issues, now).changes();
  if (request.refresh_only)
    for (auto& change : plan.changes) diff::leave_as_it_is(change);
  hold_back_failed_chains(request, gathered, plan, now);
  warn_of_unfit_peers(plan, now);
  add_rollout(request, gathered, plan, now);
  if (!request.refresh_only) plan.outputs = plan_outputs(request, gathered);
  add_fleet_warnings(plan);
  return plan;
}

}  // namespace trunkform::engine
