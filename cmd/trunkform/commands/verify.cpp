#include "cmd/engine/verify.hpp"

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include <fmt/format.h>

#include "cmd/engine/gather.hpp"
#include "cmd/engine/locking.hpp"
#include "cmd/engine/side_by_side.hpp"
#include "cmd/trunkform/address_words.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/usage.hpp"
#include "cmd/trunkform/verify_report.hpp"
#include "planner/diff/explain.hpp"
#include "planner/diff/organisation.hpp"
#include "planner/diff/words.hpp"

namespace trunkform::cli {
namespace {

/// Up to so many trunks are asked for one by one; beyond, pages of all are fewer requests.
constexpr std::size_t k_single_reads = 8;

Result<VerifiedAddresses> chosen(const Frame& frame, const StateDocument& state) {
  std::vector<Address> targets;
  for (const auto& text : frame.arguments.positionals()) targets.push_back(TRY(parse_address(text)));
  VerifiedAddresses all;
  std::set<Address> matched;
  for (const auto& [address, record] : state.resources) {
    bool is_wanted = targets.empty();
    for (const auto& target : targets)
      if (is_within(address, target)) {
        is_wanted = true;
        matched.insert(target);
      }
    if (is_wanted) all.emplace_back().record = &record;
  }
  for (const auto& target : targets)
    if (!matched.contains(target)) return not_in_state(target, state.resources);
  const BindingsByAddress configured(frame.session.configuration().bindings);
  for (auto& one : all) one.binding = configured.find(one.record->address);
  return all;
}

/// Those that a round looks at.
using Asked = std::vector<VerifiedAddress*>;

engine::Expected expected_of(const ResourceRecord& record) { return {record.chain->identity, record.as_read}; }

CheckResult judge_trunk(const VerifiedAddress& one, const LiveTrunk& trunk) {
  static const VerifyPolicy k_defaults;
  const auto& policy = one.binding != nullptr ? *one.binding->verify : k_defaults;
  const auto& live = trunk.certificate;
  const auto status = policy.status ? fmt::format(", status {}", trunk.status) : std::string();
  if (live.kind == Sighting::Kind::none) return {CheckVerdict::fail, "the API shows no certificate on the trunk"};
  const bool is_unfinished = one.open != nullptr && one.open->record.chain != nullptr && live.is_certificate() &&
                             expected_of(one.open->record).is(live.chain->identity);
  if (is_unfinished && !expected_of(*one.record).is(live.chain->identity))
    return {
        CheckVerdict::inconclusive,
        fmt::format("the API shows {}: {}", to_short(live.chain->identity.leaf),
                    one.at_work.empty()
                        ? std::string("an interrupted apply bound it; `trunkform apply` finishes it")
                        : fmt::format("a run is binding it, which is judged when that has ended: {}", one.at_work))};
  if (live.is_certificate() && !expected_of(*one.record).is(live.chain->identity))
    return {CheckVerdict::fail,
            fmt::format("the API shows {}{}", diff::told_apart(*live.chain, *one.record->chain), status)};
  const bool is_shown = live.is_certificate();
  const auto seen = is_shown ? fmt::format("the API shows {}", to_short(live.chain->identity.leaf))
                             : std::string("the API does not show certificates");
  if (policy.status && !is_healthy_status(trunk.status, policy.healthy))
    return {CheckVerdict::fail, fmt::format("{}, but the trunk's status is \"{}\"", seen, trunk.status)};
  // A healthy status says nothing about which certificate is there.
  if (!is_shown && !policy.tls)
    return {CheckVerdict::inconclusive,
            seen + status + "; nobody saw which one is there: verify.tls looks at the port"};
  if (!is_shown && !policy.status) return {CheckVerdict::not_configured, seen};
  return {CheckVerdict::pass, seen + status};
}

VerifiedAddress::Shown shown_of(const VerifiedAddress& one, const LiveTrunk& trunk) {
  using Shown = VerifiedAddress::Shown;
  const auto& live = trunk.certificate;
  if (live.kind == Sighting::Kind::unknown) return Shown::nobody_knows;
  return live.is_certificate() && expected_of(*one.record).is(live.chain->identity) ? Shown::as_recorded
                                                                                    : Shown::another;
}

void judge_by_api(VerifiedAddress& one, const LiveTrunk& trunk) {
  one.accepted = judge_trunk(one, trunk);
  one.shown = shown_of(one, trunk);
}

CheckResult unread(const Error& error) {
  if (error.code == ErrorCode::not_found) return {CheckVerdict::fail, "the trunk is gone: " + to_line(error)};
  return {CheckVerdict::inconclusive, "the API could not be read: " + to_line(error)};
}

void check_by_api(Frame& frame, TrunkApi& api, const Asked& all) {
  const auto context = frame.session.context();
  if (all.size() <= k_single_reads) {
    for (auto* one : all) {
      const auto trunk = api.get(context, one->record->trunk_id);
      one->shown = VerifiedAddress::Shown::nobody_knows;  // of this round
      if (trunk)
        judge_by_api(*one, *trunk);
      else
        one->accepted = unread(trunk.error());
    }
    return;
  }
  const auto listed = api.list(context, {});
  std::map<TrunkId, const LiveTrunk*> trunks;
  if (listed)
    for (const auto& trunk : *listed) trunks.emplace(trunk.id, &trunk);
  for (auto* one : all) {
    one->shown = VerifiedAddress::Shown::nobody_knows;  // of this round
    if (!listed)
      one->accepted = unread(listed.error());
    else if (const auto found = trunks.find(one->record->trunk_id); found != trunks.end())
      judge_by_api(*one, *found->second);
    else
      one->accepted = {CheckVerdict::fail, fmt::format("trunk {} is gone", one->record->trunk_id.value)};
  }
}

void check_by_wire(Frame& frame, const engine::Wire& wire, const Asked& all) {
  const auto context = frame.session.context();
  engine::side_by_side(frame.session.parallelism(), all.size(), 1, [&](std::size_t i) {
    auto& one = *all[i];
    if (one.binding == nullptr) return;
    auto seen = engine::look_closely(context, wire, *one.binding, expected_of(*one.record));
    one.served = std::move(seen.result);
    one.serves_another = seen.of_another;
  });
}

/// Probing the trunks of another organisation than the state's would say `gone` of all of them.
Result<> check_organisation(const Frame& frame, TrunkApi& api, const StateDocument& state) {
  if (!state.organisation) return {};
  const auto organisation = api.organisation(frame.session.context());
  if (!organisation || diff::is_organisation_of(*state.organisation, *organisation))
    return {};  // an API that is away shows at each trunk
  return diff::explain_wrong_organisation(*state.organisation, *organisation);
}

/// One `verify`, from the state to the last line: one round, or with `-watch` as many as it takes.
class VerifyRun {
 public:
  explicit VerifyRun(Frame& frame) : m_frame(frame) {}

  Result<ExitCode> run() {
    m_interval = TRY(interval());
    if (!TRY(load_for_document(m_frame, m_diagnostics))) return ExitCode::error;
    const auto state = TRY(m_frame.session.read_state());
    static const StateDocument k_empty;
    const auto& document = state.snapshot ? state.snapshot->document : k_empty;
    m_all = TRY(chosen(m_frame, document));
    for (auto& one : m_all)
      if (const auto open = state.open_intents.find(one.record->address); open != state.open_intents.end()) {
        one.open = &open->second;
        if (state.running) one.at_work = engine::who_runs(*state.running);
      }
    m_recorded.resize(m_all.size());
    if (m_all.empty())
      report_into(m_frame, m_diagnostics, {Severity::error, nothing_to_verify(TRY(m_frame.session.workspace()))});
    else
      TRY(look(document));
    if (m_frame.arguments.on("json"))
      m_frame.world.streams.out << verify_json(m_frame, m_all, m_diagnostics) << '\n';
    else if (!m_all.empty())
      m_frame.world.streams.out << verified_summary(m_all);
    if (m_frame.world.stop.stop_requested()) return ExitCode::interrupted;
    if (m_all.empty()) return ExitCode::error;
    if (count_of(m_all, CheckVerdict::fail) > 0) return ExitCode::changes;
    return count_of(m_all, CheckVerdict::inconclusive) > 0 ? ExitCode::deferred : ExitCode::done;
  }

 private:
  Frame& m_frame;
  std::vector<Diagnostic> m_diagnostics;
  VerifiedAddresses m_all;
  std::vector<std::optional<CheckVerdict>> m_recorded;  ///< what this command wrote, by address
  Duration m_interval{};

  Result<Duration> interval() const {
    const auto& text = m_frame.arguments.value("interval");
    const auto duration = parse_duration(text);
    if (duration && *duration >= std::chrono::seconds(1)) return *duration;
    return usage_error(fmt::format("-interval={} is no duration of a second or more", text))
        .hint("write it like 10s or 1m");
  }

  /// A monitor in the wrong folder or workspace must not be told that all is well.
  static Error nothing_to_verify(const std::string& workspace) {
    return Error(
               ErrorCode::not_found, "there is nothing to verify",
               fmt::format("the state of workspace \"{}\" has no trunk: nothing was applied here, or all was forgotten",
                           workspace))
        .hint("see whether this is the right place: trunkform workspace list, trunkform state list")
        .hint("see what apply would do: trunkform plan");
  }

  static bool has_passed(const VerifiedAddress& one) {
    return one.verdict() == CheckVerdict::pass || one.verdict() == CheckVerdict::not_configured;
  }

  Result<> look(const StateDocument& document) {
    auto* api = TRY(m_frame.session.api());
    TRY(check_organisation(m_frame, *api, document));
    const engine::ServedJudge judge(*TRY(m_frame.session.sources()), m_frame.world.clock);
    const engine::Wire wire{m_frame.world.tls, m_frame.world.sip, m_frame.world.clock, judge};
    Asked asked;
    for (auto& one : m_all) asked.push_back(&one);
    for (;;) {
      const auto before = m_all;
      check_by_api(m_frame, *api, asked);
      check_by_wire(m_frame, wire, asked);
      tell(asked, before);
      if (m_frame.arguments.on("record")) TRY(record());
      // What has passed is not asked again: with a test call, somebody's telephone would go on ringing.
      std::erase_if(asked, [](const auto* one) { return has_passed(*one); });
      if (asked.empty() || !m_frame.arguments.on("watch")) return {};
      if (!m_frame.world.clock.sleep(m_frame.session.context(), m_interval)) return {};
    }
  }

  /// With `-watch`, only what has changed since the round before.
  void tell(const Asked& asked, const VerifiedAddresses& before) {
    if (m_frame.arguments.on("json")) return;
    for (const auto* one : asked) {
      const auto& last = before[static_cast<std::size_t>(one - m_all.data())];
      if (last.accepted.evidence == one->accepted.evidence && last.served.evidence == one->served.evidence &&
          last.verdict() == one->verdict())
        continue;
      m_frame.world.streams.out << verified_text(*one, m_frame.reporter.out_style()) << std::flush;
    }
  }

  /// Each new verdict becomes an event, under the lock: this host may see what the one that applies cannot.
  Result<> record() {
    std::vector<std::size_t> fresh;
    for (std::size_t i = 0; i < m_all.size(); ++i)
      if (m_all[i].verdict() != CheckVerdict::not_configured && m_recorded[i] != m_all[i].verdict()) fresh.push_back(i);
    if (fresh.empty()) return {};
    std::size_t written = 0;
    auto changed = change_state(m_frame, "verify", [&](const std::optional<Snapshot>& state, const Fence&) {
      auto bodies = events_of(fresh, state);
      written = bodies.size();
      return Result<std::vector<EventBody>>(std::move(bodies));
    });
    const bool later = !changed && changed.error().code == ErrorCode::lock_held && m_frame.arguments.on("watch");
    if (later) m_frame.reporter.message("The lock is held: recorded after the next look.");
    if (!changed) return later ? Result<>() : std::move(changed);
    for (const auto i : fresh) m_recorded[i] = m_all[i].verdict();
    m_frame.reporter.message(
        fmt::format("Recorded {} verdict{}: trunkform history shows them.", written, written == 1 ? "" : "s"));
    return {};
  }

  std::vector<EventBody> events_of(const std::vector<std::size_t>& fresh, const std::optional<Snapshot>& state) {
    std::vector<EventBody> bodies;
    for (const auto i : fresh) {
      const auto& one = m_all[i];
      if (const auto* why = objection(*one.record, state))
        m_frame.reporter.message(fmt::format("{}: not recorded: {}", to_string(one.record->address), why));
      else
        bodies.emplace_back(Probed{one.record->address, what_was_seen(one)});
    }
    return bodies;
  }

  /// The record's look is about the recorded certificate. What a port serves while another one is bound is told beside
  /// what the API shows, and is no look: a good chain would be held to have failed on its carrier.
  static Verification what_was_seen(const VerifiedAddress& one) {
    if (one.is_about_ours() || one.served.verdict == CheckVerdict::not_configured)
      return {one.accepted, one.served, {}};
    auto seen = one.accepted;
    if (seen.verdict != CheckVerdict::fail) seen.verdict = one.served.verdict;
    seen.evidence += "; " + one.served.evidence;
    return {std::move(seen), {}, {}};
  }

  /// A verdict is about the certificate that was looked at. Null: it still is.
  static const char* objection(const ResourceRecord& seen, const std::optional<Snapshot>& state) {
    if (!state) return "the state is gone";
    const auto found = state->document.resources.find(seen.address);
    if (found == state->document.resources.end()) return "it was forgotten meanwhile";
    if (state->document.open_intents.contains(seen.address))
      return "an apply was interrupted there; run trunkform apply first";
    const auto& now = found->second;
    const bool same =
        now.trunk_id == seen.trunk_id && now.bound_at == seen.bound_at && now.chain->identity == seen.chain->identity;
    return same ? nullptr : "another certificate was bound meanwhile";
  }
};

Result<ExitCode> verify(Frame& frame) { return VerifyRun(frame).run(); }

}  // namespace

Command verify_command() {
  return {
      {"verify"},
      "look now whether every trunk has, and serves, what the state recorded",
      "Reads each trunk by the API and makes one fresh handshake with its SIP TLS port, where the binding has\n"
      "verify.tls; then OPTIONS and the test call, where it has those. Changes nothing and takes no lock, but for\n"
      "-record: run it on a host that reaches the ports, and the next plan knows what it saw.\n"
      "Exit code: 0 pass, 2 a check failed, 4 inconclusive, 1 where nothing could be verified at all: the state has no "
      "trunk.",
      flags::join({{{"watch", FlagKind::toggle, "look again until everything passes, or it is interrupted"},
                    {"interval", FlagKind::value, "between two looks of -watch", "DURATION", "10s", FlagForm::duration},
                    {"record", FlagKind::toggle, "write the verdicts into the event log, under the lock"},
                    flags::parallelism("probes at a time")},
                   {flags::lock_timeout(), flags::json(), flags::no_color()},
                   flags::variables()}),
      {{"ADDR", "only these addresses", 0, k_unbounded, k_unbounded}},
      framed(verify)};
}

}  // namespace trunkform::cli
