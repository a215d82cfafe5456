#include "tests/simulation/scenario.hpp"

#include <fmt/format.h>

#include "tests/support/certificate_factory.hpp"

namespace trunkform::simulation {
namespace {

using namespace std::chrono_literals;

std::string seconds(Duration duration) {
  return fmt::format("{}s", std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

RolloutPolicy random_rollout(Dice& dice) {
  RolloutPolicy policy;
  policy.canary = dice.between(0, 2);
  policy.wave_size = dice.between(1, 6);
  policy.stagger = dice.pick<Duration>({0s, 0s, 20s, 3min});
  policy.soak = dice.pick<Duration>({0s, 30s, 2min, 10min});
  policy.on_failure =
      dice.pick<OnFailure>({OnFailure::rollback, OnFailure::rollback, OnFailure::stop, OnFailure::proceed});
  policy.max_failures = dice.one_in(4) ? dice.between(1, 3) : 0;
  policy.unreachable = dice.one_in(3) ? Unreachable::accept : Unreachable::stop;
  return policy;
}

std::string random_faults(Dice& dice) {
  static const std::vector<std::string> k_operations{"patch", "patch", "get", "get", "list", "organisation"};
  // A service that refuses has not done it; one whose answer goes wrong may have.
  static const std::vector<std::string> k_refusals{R"("effect": "too_many_requests", "retry_after": "7s")",
                                                   R"("effect": "conflict")", R"("effect": "version_mismatch")",
                                                   R"("effect": "unauthorized")"};
  static const std::vector<std::string> k_accidents{R"("effect": "error", "status": 503)",
                                                    R"("effect": "error", "status": 500)",
                                                    R"("effect": "reset")",
                                                    R"("effect": "silence")",
                                                    R"("effect": "html", "status": 502)",
                                                    R"("effect": "cut_json")",
                                                    R"("effect": "wrong_json")",
                                                    R"("effect": "torn", "bytes": 40, "ending": "reset")"};
  std::string all;
  for (int n = dice.between(0, 3); n > 0; --n) {
    const bool refuses = dice.one_in(3);
    if (!all.empty()) all += ", ";
    all += fmt::format(R"({{ "operation": "{}", "skip": {}, "times": {}, "when": "{}", {} }})", dice.pick(k_operations),
                       dice.between(0, 5), dice.one_in(5) ? 30 : dice.between(1, 3),
                       refuses || dice.one_in(2) ? "before" : "after", dice.pick(refuses ? k_refusals : k_accidents));
  }
  return fmt::format(R"("clear_faults": true, "faults": [{}])", all);
}

Trouble random_trouble(Dice& dice) {
  Trouble trouble;
  if (!dice.one_in(4)) {
    trouble.end = dice.pick<Trouble::End>({Trouble::End::killed_at_disk, Trouble::End::killed_at_disk,
                                           Trouble::End::killed_before_request, Trouble::End::killed_after_request,
                                           Trouble::End::one_signal, Trouble::End::two_signals});
    trouble.at = trouble.end == Trouble::End::killed_at_disk ? dice.between(1, 120) : dice.between(1, 25);
    trouble.power = dice.one_in(2);
  }
  trouble.faults = random_faults(dice);
  if (dice.one_in(4)) trouble.read_lag = std::chrono::seconds(dice.between(1, 20));
  trouble.faults += fmt::format(R"(, "read_lag": "{}")", seconds(trouble.read_lag));
  if (dice.one_in(8)) trouble.disk_error_at = dice.between(1, 150);
  trouble.disk_is_full = dice.one_in(2);
  trouble.wire = dice.pick<Trouble::Wire>({Trouble::Wire::honest, Trouble::Wire::honest, Trouble::Wire::honest,
                                           Trouble::Wire::lies, Trouble::Wire::is_dead, Trouble::Wire::is_late});
  if (dice.one_in(6)) trouble.stranger_at = dice.between(1, 20);
  if (dice.one_in(12)) trouble.lock_removed_at = dice.between(1, 20);
  if (dice.one_in(6)) trouble.beside_at = dice.between(1, 20);
  if (dice.one_in(10)) {
    trouble.clock_jump = dice.one_in(2) ? Duration(40min) : Duration(-40min);
    trouble.jump_at = dice.between(1, 20);
  }
  trouble.saved_plan = dice.one_in(4);
  if (dice.one_in(6)) trouble.flags.emplace_back("-wait=30m");
  if (dice.one_in(8)) trouble.flags.emplace_back("-deadline=20m");
  return trouble;
}

}  // namespace

std::string Trouble::words() const {
  static const std::map<End, std::string> k_ends{{End::none, "runs to its end"},
                                                 {End::killed_at_disk, "killed at disk call"},
                                                 {End::killed_before_request, "killed before request"},
                                                 {End::killed_after_request, "killed after request"},
                                                 {End::one_signal, "one signal at request"},
                                                 {End::two_signals, "two signals at request"}};
  auto text = k_ends.at(end);
  if (end != End::none) text += fmt::format(" {}{}", at, power ? " (power cut)" : "");
  if (disk_error_at > 0) text += fmt::format("; {} at disk call {}", disk_is_full ? "full" : "EIO", disk_error_at);
  static const std::vector<std::string> k_wires{"", "; wire lies", "; wire dead", "; wire late"};
  text += k_wires[static_cast<std::size_t>(wire)];
  if (stranger_at > 0) text += fmt::format("; stranger at {}", stranger_at);
  if (lock_removed_at > 0) text += fmt::format("; lock removed at {}", lock_removed_at);
  if (beside_at > 0) text += fmt::format("; another apply at {}", beside_at);
  if (jump_at > 0) text += fmt::format("; clock jumps {} at {}", seconds(clock_jump), jump_at);
  for (const auto& flag : flags) text += "; " + flag;
  if (saved_plan) text += "; saved plan";
  return text + "; " + faults;
}

std::string Scenario::configuration(const std::string& pair) const {
  std::string carrier_blocks, rollouts, bindings;
  for (const auto& carrier : carriers) {
    const auto& rollout = carrier.rollout;
    const auto* comma = carrier_blocks.empty() ? "" : ",\n  ";
    carrier_blocks += fmt::format(R"({}"{}": {{ "trust_store": "${{file(\"root.pem\")}}", "max_parallel": {} }})",
                                  comma, carrier.label, carrier.max_parallel);
    rollouts += fmt::format(
        R"({}"{}": {{ "canary": {}, "wave_size": {}, "stagger": "{}", "soak": "{}", "on_failure": "{}", "max_failures": {}, "unreachable": "{}" }})",
        comma, carrier.label, rollout.canary, rollout.wave_size, seconds(rollout.stagger), seconds(rollout.soak),
        to_string(rollout.on_failure), rollout.max_failures,
        rollout.unreachable == Unreachable::accept ? "accept" : "stop");
  }
  for (const auto& trunk : trunks) {
    const auto& carrier = carriers[trunk.carrier];
    std::string more;
    if (trunk.probed)
      more += fmt::format(R"(, "verify": {{ "tls": {{ "address": "{}:5061", "within": "20s", "consecutive": 2 }} }})",
                          trunk.name);
    if (!trunk.group.empty())
      more += fmt::format(R"(, "group": "{}", "colour": "{}")", trunk.group, trunk.is_blue ? "blue" : "green");
    const auto* window =
        carrier.window
            ? R"(, "window": { "days": ["mon", "tue", "wed", "thu", "fri"], "start": "10:00", "for": "6h", "timezone": "UTC" })"
            : "";
    bindings += fmt::format(
        R"({}"{}": {{ "trunk": {{ "name": "{}" }}, "certificate": "${{certificate.pem_files.c}}", "identity": ["sip.example.com"],
   "carrier": "{}", "rollout": "{}", "adopt": true, "rotate": {{ "min_age": "0s", "when": "available"{} }}{} }})",
        bindings.empty() ? "" : ",\n  ", trunk.name, trunk.name, carrier.label, carrier.label, window, more);
  }
  return fmt::format(R"({{
 "provider": {{ "genesys": {{ "base_url": "http://127.0.0.1:1", "retry_budget": "1m" }} }},
 "certificate": {{ "pem_files": {{ "c": {{ "chain": "{0}.chain", "private_key": "{0}.key" }} }} }},
 "carrier": {{ {1} }},
 "rollout": {{ {2} }},
 "resource": {{ "genesys_trunk_certificate": {{
  {3} }} }} }}
)",
                     pair, carrier_blocks, rollouts, bindings);
}

Scenario make_scenario(std::uint64_t seed) {
  Dice dice(seed);
  Scenario scenario;
  scenario.seed = seed;
  const int carriers = dice.between(1, dice.one_in(4) ? 5 : 2);
  for (int i = 0; i < carriers; ++i)
    scenario.carriers.push_back({std::string(1, static_cast<char>('a' + i)), random_rollout(dice),
                                 dice.one_in(4) ? dice.between(2, 3) : 1, dice.one_in(4)});
  const int trunks = dice.one_in(40) ? dice.between(20, 60) : dice.between(1, 7);
  for (int i = 0; i < trunks; ++i) {
    Trunk trunk;
    trunk.name = fmt::format("t{:02}", i);
    trunk.carrier = static_cast<std::size_t>(dice.between(0, carriers - 1));
    trunk.has_certificate = !dice.one_in(8);
    trunk.probed = !dice.one_in(3);
    scenario.trunks.push_back(trunk);
  }
  if (trunks >= 2 && dice.one_in(4)) {
    scenario.trunks[0].group = scenario.trunks[1].group = "pair";
    scenario.trunks[dice.one_in(2) ? 0 : 1].is_blue = true;
  }
  for (int runs = dice.between(1, 3); runs > 0; --runs) {
    scenario.troubles.push_back(random_trouble(dice));
    scenario.pauses.push_back(dice.pick<Duration>({30s, 1min, 30min, 7h}));
  }
  return scenario;
}

const Certificates& certificates() {
  static const Certificates k_made = [] {
    using namespace testing;
    const auto now = parse_rfc3339("2026-11-24T12:00:00Z").value();
    const auto family = make_family(now);
    Certificates made;
    made.root_pem = family.root.pem;
    const std::map<std::string, int> days{{"old", 90}, {"new", 120}, {"strange", 60}};
    for (const auto& [name, lifetime] : days) {
      auto request = leaf_request(now);
      request.not_before = now - 24h;
      request.not_after = request.not_before + std::chrono::hours(24 * lifetime);
      const auto leaf = make(request, family.intermediate);
      made.pairs[name] = {leaf.pem + family.intermediate.pem, leaf.key.text()};
    }
    return made;
  }();
  return k_made;
}

}  // namespace trunkform::simulation
