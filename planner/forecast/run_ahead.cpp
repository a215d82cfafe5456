#include "planner/forecast/run_ahead.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "planner/diff/steps.hpp"
#include "planner/forecast/scenario_run.hpp"
#include "planner/schedule/threshold.hpp"

namespace trunkform::forecast {
namespace {

/// When the first binding of each source needs something newer than what it offers now.
std::map<Locator, Instant> dues_of_offers(const Input& input) {
  std::map<Locator, Instant> dues;
  for (const auto& binding : input.bindings) {
    const auto& offer = binding.offer;
    if (offer.chain == nullptr) continue;
    const auto due = schedule::due_at(offer.chain->lifetime(), diff::effective_expiry(*offer.chain, &offer.path),
                                      binding.binding.rotate);
    const auto [found, added] = dues.emplace(binding.binding.locator, due);
    if (!added) found->second = std::min(found->second, due);
  }
  return dues;
}

Sources make_sources(const Input& input, const Renewal& renewal) {
  const auto dues = dues_of_offers(input);
  Sources sources;
  for (const auto& binding : input.bindings) {
    const auto& locator = *binding.binding.locator;
    const auto due = dues.find(locator);
    sources.try_emplace(locator, binding.offer, renewal, input.start,
                        due == dues.end() ? std::nullopt : std::optional<Instant>(due->second));
  }
  return sources;
}

Subject subject_of(const diff::DiffInput& input) {
  const auto change = diff::diff(input);
  Subject subject;
  subject.address = change.address;
  subject.trunk_name = change.trunk_name;
  subject.trunk_id = change.trunk_id;
  subject.carrier = input.binding.carrier->label;
  subject.certificate = input.binding.certificate;
  subject.health = change.health;
  subject.gate = change.gate;
  subject.evidence = change.evidence;
  subject.expiry = change.effective_expiry;
  if (change.before != nullptr) {
    subject.begins = change.before->leaf().not_before;
    subject.due = schedule::due_at(change.before->lifetime(), *change.effective_expiry, input.binding.rotate);
  }
  if (!input.binding.rotate->windows.empty()) subject.timezone = input.binding.rotate->windows.front().timezone;
  return subject;
}

/// Neither the API nor the wire nor the state says what is live, or which trunk it is about.
void find_unproven(const Input& input, Forecast& forecast) {
  for (std::size_t i = 0; i < input.bindings.size(); ++i) {
    const auto& subject = forecast.subjects[i];
    const auto observed = diff::observe(input.bindings[i].trunk, input.bindings[i].served, input.bindings[i].prior);
    const bool is_there = input.bindings[i].trunk.kind == diff::TrunkLookup::Kind::found;
    if (input.bindings[i].offer.kind == Offer::Kind::pending) {
      forecast.unproven.push_back({i, "its certificate is still to be issued"});
      continue;
    }
    if (is_there && observed.kind != Sighting::Kind::unknown) continue;
    const auto error = diff::diff(input.bindings[i]).error;
    forecast.unproven.push_back(
        {i, subject.gate != Gate::none && error ? error->summary : "nobody can see which certificate is on the trunk"});
  }
}

std::vector<Cluster> clusters_of(const Input& input, const Forecast& forecast) {
  std::map<std::chrono::sys_days, Cluster> by_day;
  std::map<std::chrono::sys_days, std::set<Fingerprint>> leaves;
  for (std::size_t i = 0; i < forecast.subjects.size(); ++i) {
    const auto& expiry = forecast.subjects[i].expiry;
    if (!expiry || *expiry < forecast.start || *expiry > forecast.end) continue;
    const auto date = std::chrono::floor<std::chrono::days>(*expiry);
    by_day[date].subjects.push_back(i);
    const auto observed = diff::observe(input.bindings[i].trunk, input.bindings[i].served, input.bindings[i].prior);
    leaves[date].insert(observed.chain->identity.leaf);
  }
  std::vector<Cluster> clusters;
  for (auto& [date, cluster] : by_day) {
    if (cluster.subjects.size() < 2) continue;
    cluster.date = date;
    cluster.certificates = leaves[date].size();
    clusters.push_back(std::move(cluster));
  }
  std::stable_sort(clusters.begin(), clusters.end(),
                   [](const auto& a, const auto& b) { return a.subjects.size() > b.subjects.size(); });
  return clusters;
}

std::vector<LateSource> late_sources(const Input& input, const Sources& sources) {
  std::vector<LateSource> late;
  std::set<Locator> told;
  for (const auto& binding : input.bindings) {
    const auto& source = sources.at(binding.binding.locator);
    if (!source.is_late() || !told.insert(binding.binding.locator).second) continue;
    late.push_back({binding.binding.certificate, *source.expected(), source.first_renewal()});
  }
  return late;
}

}  // namespace

std::string_view to_string(LapseCause cause) {
  switch (cause) {
    case LapseCause::nothing_live:
      return "nothing_live";
    case LapseCause::expired_already:
      return "expired_already";
    case LapseCause::source_not_renewed:
      return "source_not_renewed";
    case LapseCause::source_too_late:
      return "source_too_late";
    case LapseCause::source_unreachable:
      return "source_unreachable";
    case LapseCause::blocked:
      return "blocked";
    case LapseCause::chain_failed:
      return "chain_failed";
    case LapseCause::held_by_green:
      return "held_by_green";
    case LapseCause::window_too_late:
      return "window_too_late";
    case LapseCause::deferred:
      return "deferred";
    case LapseCause::run_too_late:
      return "run_too_late";
    case LapseCause::rollout_too_slow:
      return "rollout_too_slow";
    case LapseCause::rate_too_low:
      break;
  }
  return "rate_too_low";
}

Forecast run_ahead(const Input& input) {
  Forecast forecast;
  forecast.start = input.start;
  forecast.end = input.end;
  forecast.assumptions = input.assumptions;
  for (const auto& binding : input.bindings) forecast.subjects.push_back(subject_of(binding));
  find_unproven(input, forecast);
  forecast.clusters = clusters_of(input, forecast);
  const Renewal as_offered{Renewal::Kind::as_offered, 0};
  auto never = make_sources(input, as_offered);
  forecast.as_offered = run_scenario(input, as_offered, never);
  if (input.renewal.kind == Renewal::Kind::as_offered) return forecast;
  auto sources = make_sources(input, input.renewal);
  forecast.late = late_sources(input, sources);
  forecast.renewed = run_scenario(input, input.renewal, sources);
  return forecast;
}

}  // namespace trunkform::forecast
