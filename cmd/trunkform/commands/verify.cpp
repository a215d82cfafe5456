#include "cmd/engine/verify.hpp"

#include <algorithm>
#include <future>
#include <ostream>
#include <set>

#include <fmt/format.h>

#include "cmd/engine/gather.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/document_output.hpp"

namespace trunkform::cli {
namespace {

/// Up to so many trunks are asked for one by one; beyond, pages of all are fewer requests.
constexpr std::size_t k_single_reads = 8;

/// One address of the state, and what was seen of it.
struct VerifiedAddress {
  const ResourceRecord* record = nullptr;
  const Binding* binding = nullptr;  ///< null: no longer configured
  const Intent* open = nullptr;      ///< of an apply that was interrupted
  CheckResult accepted;
  CheckResult served;

  CheckVerdict verdict() const {
    for (const auto worst : {CheckVerdict::fail, CheckVerdict::inconclusive, CheckVerdict::pass})
      if (accepted.verdict == worst || served.verdict == worst) return worst;
    return CheckVerdict::not_configured;
  }
};

Result<std::vector<VerifiedAddress>> chosen(const Frame& frame, const StateDocument& state) {
  std::vector<Address> targets;
  for (const auto& text : frame.arguments.positionals()) targets.push_back(TRY(parse_address(text)));
  std::vector<VerifiedAddress> all;
  std::set<Address> matched;
  for (const auto& [address, record] : state.resources) {
    bool is_wanted = targets.empty();
    for (const auto& target : targets)
      if (is_within(address, target)) {
        is_wanted = true;
        matched.insert(target);
      }
    if (is_wanted) all.push_back({&record, nullptr, nullptr, {}, {}});
  }
  for (const auto& target : targets) {
    if (matched.contains(target)) continue;
    std::vector<std::string> known;
    for (const auto& [address, record] : state.resources) known.push_back(to_string(address));
    Error error(ErrorCode::invalid_input, fmt::format("{} is not in the state", to_string(target)));
    if (const auto near = nearest(to_string(target), known); !near.empty())
      error.hints.push_back(fmt::format("did you mean '{}'?", near));
    error.hints.emplace_back("trunkform state list shows what is");
    return error;
  }
  for (const auto& binding : frame.session.configuration().bindings)
    for (auto& one : all)
      if (one.record->address == binding.address) one.binding = &binding;
  return all;
}

engine::Expected expected_of(const ResourceRecord& record) { return {record.chain->identity, record.as_read}; }

CheckResult judge_trunk(const VerifiedAddress& one, const LiveTrunk& trunk) {
  static const VerifyPolicy k_defaults;
  const auto& policy = one.binding != nullptr ? one.binding->verify : k_defaults;
  const auto& live = trunk.certificate;
  const auto status = policy.status ? fmt::format(", status {}", trunk.status) : std::string();
  if (live.kind == Sighting::Kind::none) return {CheckVerdict::fail, "the API shows no certificate on the trunk"};
  const bool is_unfinished = one.open != nullptr && one.open->record.chain != nullptr && live.is_certificate() &&
                             expected_of(one.open->record).is(live.chain->identity);
  if (is_unfinished && !expected_of(*one.record).is(live.chain->identity))
    return {CheckVerdict::inconclusive,
            fmt::format("the API shows {}: an interrupted apply bound it; `trunkform apply` finishes it",
                        to_short(live.chain->identity.leaf))};
  if (live.is_certificate() && !expected_of(*one.record).is(live.chain->identity))
    return {CheckVerdict::fail, fmt::format("the API shows {} instead of {}{}", to_short(live.chain->identity.leaf),
                                            to_short(one.record->chain->identity.leaf), status)};
  const bool is_shown = live.is_certificate();
  const auto seen = is_shown ? fmt::format("the API shows {}", to_short(live.chain->identity.leaf))
                             : std::string("the API does not show certificates");
  if (policy.status && !is_healthy_status(trunk.status, policy.healthy))
    return {CheckVerdict::fail, fmt::format("{}, but the trunk's status is \"{}\"", seen, trunk.status)};
  if (!is_shown && !policy.status) return {CheckVerdict::not_configured, seen};
  return {CheckVerdict::pass, seen + status};
}

CheckResult unread(const Error& error) {
  if (error.code == ErrorCode::not_found) return {CheckVerdict::fail, "the trunk is gone: " + to_line(error)};
  return {CheckVerdict::inconclusive, "the API could not be read: " + to_line(error)};
}

void check_by_api(Frame& frame, TrunkApi& api, std::vector<VerifiedAddress>& all) {
  const auto context = frame.session.context();
  if (all.size() <= k_single_reads) {
    for (auto& one : all) {
      const auto trunk = api.get(context, one.record->trunk_id);
      one.accepted = trunk ? judge_trunk(one, *trunk) : unread(trunk.error());
    }
    return;
  }
  const auto listed = api.list(context, {});
  std::map<TrunkId, const LiveTrunk*> trunks;
  if (listed)
    for (const auto& trunk : *listed) trunks.emplace(trunk.id, &trunk);
  for (auto& one : all) {
    if (!listed)
      one.accepted = unread(listed.error());
    else if (const auto found = trunks.find(one.record->trunk_id); found != trunks.end())
      one.accepted = judge_trunk(one, *found->second);
    else
      one.accepted = {CheckVerdict::fail, fmt::format("trunk {} is gone", one.record->trunk_id.value)};
  }
}

CheckResult look_at_port(const Context& context, World& world, const VerifiedAddress& one) {
  if (one.binding == nullptr || !one.binding->verify.tls) return {};
  const auto& policy = one.binding->verify;
  auto result = engine::look_once(context, world.tls, *policy.tls, expected_of(*one.record));
  if (result.verdict != CheckVerdict::pass || !policy.sip_options) return result;
  return engine::check_options(context, world.sip, *policy.tls, std::move(result));
}

void check_by_wire(Frame& frame, std::vector<VerifiedAddress>& all) {
  const auto context = frame.session.context();
  const auto at_a_time = frame.session.parallelism();
  for (std::size_t begin = 0; begin < all.size(); begin += at_a_time) {
    std::vector<std::future<CheckResult>> running;
    const auto end = std::min(begin + at_a_time, all.size());
    for (auto i = begin; i < end; ++i)
      running.push_back(std::async(std::launch::async, [&, i] { return look_at_port(context, frame.world, all[i]); }));
    for (auto i = begin; i < end; ++i) all[i].served = running[i - begin].get();
  }
}

std::size_t count_of(const std::vector<VerifiedAddress>& all, CheckVerdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const auto& one) { return one.verdict() == verdict; }));
}

/// What the API says is the least evidence: the carrier sees the port.
std::size_t passed_by_api_alone(const std::vector<VerifiedAddress>& all) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& one) {
    return one.verdict() == CheckVerdict::pass && one.served.verdict == CheckVerdict::not_configured;
  }));
}

void write_check(codec::JsonWriter& out, std::string_view key, const CheckResult& result) {
  out.key(key);
  out.begin_object();
  out.member("verdict", to_string(result.verdict));
  out.member_unless_empty("evidence", result.evidence);
  out.end_object();
}

std::string verify_json(Frame& frame, const std::vector<VerifiedAddress>& all,
                        const std::vector<Diagnostic>& diagnostics) {
  codec::JsonWriter out;
  out.begin_object();
  out.member("format_version", "1.0");
  out.member("timestamp", frame.world.clock.now());
  out.key("summary");
  out.begin_object();
  for (const auto verdict :
       {CheckVerdict::pass, CheckVerdict::fail, CheckVerdict::inconclusive, CheckVerdict::not_configured})
    out.member(to_string(verdict), count_of(all, verdict));
  out.member("pass_by_api_alone", passed_by_api_alone(all));
  out.end_object();
  out.key("resources");
  out.begin_array();
  for (const auto& one : all) {
    out.begin_object();
    out.member("address", std::string_view(to_string(one.record->address)));
    out.member("trunk_id", std::string_view(one.record->trunk_id.value));
    out.member("trunk_name", std::string_view(one.record->trunk_name));
    out.member("verdict", to_string(one.verdict()));
    write_check(out, "accepted", one.accepted);
    write_check(out, "served", one.served);
    out.end_object();
  }
  out.end_array();
  write_diagnostics(out, diagnostics, frame.session.files());
  out.end_object();
  return out.take();
}

std::string painted(const views::TextStyle& style, CheckVerdict verdict) {
  const auto word = views::fit(to_string(verdict), 14);
  if (verdict == CheckVerdict::pass) return style.green(word);
  if (verdict == CheckVerdict::fail) return style.red(word);
  return verdict == CheckVerdict::inconclusive ? style.yellow(word) : word;
}

void print_verified(Frame& frame, const std::vector<VerifiedAddress>& all) {
  auto& out = frame.world.streams.out;
  const auto& style = frame.reporter.out_style();
  for (const auto& one : all) {
    out << painted(style, one.verdict()) << ' ' << views::escape_foreign(to_string(one.record->address)) << '\n';
    out << "               API   " << views::escape_foreign(one.accepted.evidence) << '\n';
    out << "               port  "
        << (one.served.verdict == CheckVerdict::not_configured
                ? std::string(one.binding == nullptr ? "not looked at: no longer configured"
                                                     : "not looked at: the binding has no verify.tls")
                : views::escape_foreign(one.served.evidence))
        << '\n';
  }
  out << fmt::format("\n{} pass, {} fail, {} inconclusive, {} not configured.\n", count_of(all, CheckVerdict::pass),
                     count_of(all, CheckVerdict::fail), count_of(all, CheckVerdict::inconclusive),
                     count_of(all, CheckVerdict::not_configured));
  if (const auto unseen = passed_by_api_alone(all); unseen > 0)
    out << fmt::format("{} of those that pass {} by what the API says alone; verify.tls would look at the port.\n",
                       unseen, unseen == 1 ? "does so" : "do so");
  if (count_of(all, CheckVerdict::fail) > 0)
    out << "trunkform history shows what was done to these trunks, trunkform plan what apply would do.\n";
  else if (count_of(all, CheckVerdict::inconclusive) > 0)
    out << "Nothing was seen that is wrong, but not everything could be seen from this machine.\n";
}

/// Probing the trunks of another organisation than the state's would say `gone` of all of them.
Result<> check_organisation(const Frame& frame, TrunkApi& api, const StateDocument& state) {
  if (!state.organisation) return {};
  const auto organisation = api.organisation(frame.session.context());
  if (!organisation || organisation->id == state.organisation->id)
    return {};  // an API that is away shows at each trunk
  return Error(ErrorCode::conflict, "these are the credentials of another organisation",
               fmt::format("the state is about {} ({}), the service answered for {} ({})", state.organisation->name,
                           state.organisation->id, organisation->name, organisation->id))
      .hint("check credentials, region and workspace");
}

Result<ExitCode> verify(Frame& frame) {
  std::vector<Diagnostic> diagnostics;
  if (!TRY(load_for_document(frame, diagnostics))) return ExitCode::error;
  auto* backend = TRY(frame.session.backend());
  const auto state = TRY(engine::read_state(frame.session.context(), *backend->store, *backend->log));
  static const StateDocument k_empty;
  const auto& document = state.snapshot ? state.snapshot->document : k_empty;
  auto all = TRY(chosen(frame, document));
  for (auto& one : all)
    if (const auto open = state.open_intents.find(one.record->address); open != state.open_intents.end())
      one.open = &open->second;
  if (!all.empty()) {
    auto* api = TRY(frame.session.api());
    TRY(check_organisation(frame, *api, document));
    check_by_api(frame, *api, all);
    check_by_wire(frame, all);
  }
  if (frame.arguments.on("json"))
    frame.world.streams.out << verify_json(frame, all, diagnostics) << '\n';
  else if (all.empty())
    frame.reporter.message("There is nothing to verify: nothing was applied here.");
  else
    print_verified(frame, all);
  if (frame.world.stop.stop_requested()) return ExitCode::interrupted;
  if (count_of(all, CheckVerdict::fail) > 0) return ExitCode::changes;
  return count_of(all, CheckVerdict::inconclusive) > 0 ? ExitCode::deferred : ExitCode::done;
}

}  // namespace

Command verify_command() {
  return {
      {"verify"},
      "look now whether every trunk has, and serves, what the state recorded",
      "Reads each trunk by the API and makes one fresh handshake with its SIP TLS port, where the binding has\n"
      "verify.tls. Writes nothing and takes no lock.\n"
      "Exit code: 0 pass, 2 a check failed, 4 inconclusive, 1 where nothing could be verified at all.",
      flags::join({{flags::parallelism("probes at a time")}, {flags::json(), flags::no_color()}, flags::variables()}),
      {{"ADDR", "only these addresses", 0, k_unbounded}},
      framed(verify)};
}

}  // namespace trunkform::cli
