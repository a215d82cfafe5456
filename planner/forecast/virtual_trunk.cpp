#include "planner/forecast/virtual_trunk.hpp"

#include <algorithm>
#include <array>

#include "planner/diff/diff.hpp"
#include "planner/diff/steps.hpp"
#include "planner/schedule/threshold.hpp"

namespace trunkform::forecast {
namespace {

/// Findings that pass with time, or with the certificate that has them.
constexpr std::array k_passing = {"certificate_not_yet_valid", "certificate_too_young"};
constexpr std::string_view k_expired = "certificate_expired";

bool passes(const Finding& finding) {
  return std::find(k_passing.begin(), k_passing.end(), finding.rule) != k_passing.end();
}

}  // namespace

VirtualTrunk::VirtualTrunk(const diff::DiffInput& initial, VirtualSource& source, RunCalendar::WindowsId windows)
    : m_initial(&initial), m_source(&source), m_windows(windows), m_path(initial.observed_path) {
  if (initial.findings != nullptr)
    for (const auto& finding : *initial.findings)
      if (finding.verdict == trunkform::Verdict::block && !passes(finding) && finding.rule != k_expired)
        m_lasting.push_back(finding);
  const auto observed = diff::observe(initial.trunk, initial.served, initial.prior);
  m_nothing_live = observed.kind == Sighting::Kind::none;
  if (observed.kind != Sighting::Kind::certificate) return;
  m_chain = observed.chain;
  m_expiry = diff::effective_expiry(*m_chain, m_path);
}

std::optional<Instant> VirtualTrunk::due() const {
  if (!m_expiry) return std::nullopt;
  return schedule::due_at(m_chain->lifetime(), *m_expiry, binding().rotate);
}

bool VirtualTrunk::has_failed() const {
  const auto* record = m_record ? m_record.get() : m_initial->prior;
  return record != nullptr && record->failure;
}

PlannedChange VirtualTrunk::plan(Instant now, std::optional<Instant> paced_until) const {
  const auto number = m_source->generation_at(now);
  const auto& offer = number == 0 ? m_initial->offer : m_source->generation(number).offer;
  diff::DiffInput input{.binding = binding(), .offer = offer, .trunk = m_initial->trunk, .now = now};
  input.prior = m_record ? m_record.get() : m_initial->prior;
  input.observed_path = m_path;
  input.stored_versions = m_initial->stored_versions;
  input.organisation = m_initial->organisation;
  input.pinned_organisation = m_initial->pinned_organisation;
  input.bound_twice = m_initial->bound_twice;
  input.owned_elsewhere = m_initial->owned_elsewhere;
  input.overrides = m_initial->overrides;
  input.overrides.replace = false;
  if (paced_until) input.paced_until = PaceWait{*paced_until, "an earlier run"};
  if (m_live != nullptr) {
    input.trunk = {diff::TrunkLookup::Kind::found, m_live.get(), {}, {}, false};
  } else {
    input.served = m_initial->served;
    input.live_findings = m_initial->live_findings;
  }
  if (!m_changed) input.open_intent = m_initial->open_intent;

  std::vector<Finding> findings = m_lasting;
  if (number == 0) {
    if (m_initial->findings != nullptr) findings = *m_initial->findings;
    if (now != m_initial->now) std::erase_if(findings, passes);
    if (offer.chain != nullptr && schedule::is_expired(diff::effective_expiry(*offer.chain, &offer.path), now))
      findings.push_back({std::string(k_expired), trunkform::Verdict::block, "RFC 5280 §4.1.2.5",
                          "the offered certificate has ended by then", ""});
  }
  input.findings = &findings;
  return diff::diff(input);
}

void VirtualTrunk::record(const ChainPtr& chain, const std::optional<VersionId>& version) {
  auto record = m_initial->prior != nullptr && !m_initial->trunk.repointed
                    ? std::make_unique<ResourceRecord>(*m_initial->prior)
                    : std::make_unique<ResourceRecord>();
  record->address = binding().address;
  if (m_initial->trunk.trunk != nullptr) {
    record->trunk_id = m_initial->trunk.trunk->id;
    record->trunk_name = m_initial->trunk.trunk->name;
  }
  record->chain = chain;
  record->as_read.reset();
  record->locator = binding().locator;
  record->version = version;
  record->history.clear();
  m_record = std::move(record);
  m_changed = true;
}

void VirtualTrunk::adopt() {
  if (m_chain != nullptr) record(m_chain, m_initial->offer.version);
}

void VirtualTrunk::bind(const ChainPtr& chain, const std::optional<VersionId>& version, const PathFacts* path) {
  record(chain, version);
  m_record->failure.reset();
  m_live = m_initial->trunk.trunk != nullptr ? std::make_unique<LiveTrunk>(*m_initial->trunk.trunk)
                                             : std::make_unique<LiveTrunk>();
  m_live->certificate = Sighting::of(chain);
  m_chain = chain;
  m_path = path;
  m_nothing_live = false;
  m_expiry = diff::effective_expiry(*chain, path);
  last.reset();
  at_expiry.reset();
}

std::optional<Instant> VirtualTrunk::next_look(const PlannedChange& seen, Instant now) const {
  std::optional<Instant> next;
  const auto consider = [&](const std::optional<Instant>& at) {
    if (at && *at > now) next = next ? std::min(*next, *at) : *at;
  };
  consider(due());
  // What is too young today is not tomorrow.
  if (seen.gate == Gate::rule_failed && now == m_initial->now) consider(now + Duration(1));
  // Before it is due a new version moves nothing, unless somebody waits for one.
  const bool is_quiet = next && seen.gate == Gate::none && !seen.writes() && binding().rotate->when == RotateWhen::due;
  if (!is_quiet) consider(m_source->next_renewal(now));
  return next;
}

}  // namespace trunkform::forecast
