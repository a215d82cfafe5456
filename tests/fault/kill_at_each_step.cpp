// kill_at_each_step new_plan|saved_plan|roll_back|blue_green
//
// A real apply of eight trunks of two carriers, with probes, a stagger and a soak, ends by SIGKILL at its first
// boundary, its second … until one survives; after each the same command is run again and must come to the right end,
// and a table says what was found and what was done about it. The service is the simulator behind sockets, its edges
// are real TLS ports, files are the kernel's; the clock alone is virtual, so that nobody waits for a soak. With
// `roll_back` the API accepts the new chain and the edge of the first canary serves it without its intermediate; with
// `blue_green` the trunks are pairs, and no blue is touched before somebody saw the end of its green's soak.
#include <algorithm>
#include <csignal>
#include <iostream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>

#include "tests/fault/scene.hpp"
#include "tests/fault/stopped_process.hpp"

namespace {

using namespace trunkform;
using namespace trunkform::testing;

std::string found(const Seen& seen) {
  const auto bound =
      std::count_if(seen.live.begin(), seen.live.end(), [](const auto& one) { return one.second == "new"; });
  auto text = fmt::format("{} of {} new", bound, seen.live.size());
  if (!seen.open.empty()) text += fmt::format(", intent of {} open", fmt::join(seen.open, ", "));
  if (!seen.paced.empty()) text += fmt::format(", {} paced", fmt::join(seen.paced, " and "));
  return text;
}

/// What the run after the kill did, by its own events.
std::string done(const Seen& before, const Seen& after) {
  std::vector<std::string> parts;
  std::map<std::string, int> later;
  bool started = false;
  for (auto event = after.events.begin(); event != after.events.end(); ++event) {
    if (!before.events.empty() && event->sequence <= before.events.back().sequence) continue;
    started = started || std::holds_alternative<RunStarted>(event->body);
    // A look without an outcome behind it is the one at the end of a soak.
    const auto next = std::next(event);
    if (std::holds_alternative<Probed>(event->body) &&
        (next == after.events.end() || !std::holds_alternative<Outcome>(next->body)))
      ++later["settled"];
    const auto* outcome = std::get_if<Outcome>(&event->body);
    if (outcome == nullptr) continue;
    const std::string kind(to_string(outcome->kind));
    // Intents are resolved before anything else begins.
    if (!started && std::count(before.open.begin(), before.open.end(), outcome->address.name) > 0)
      parts.push_back(fmt::format("{} was {}", outcome->address.name, kind));
    else
      ++later[kind];
  }
  for (const auto& [kind, count] : later) parts.push_back(fmt::format("{} {}", count, kind));
  int patches = 0;
  for (const auto& [trunk, count] : after.patches) patches += count;
  for (const auto& [trunk, count] : before.patches) patches -= count;
  parts.push_back(fmt::format("{} PATCH", patches));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// The stagger between trunks of a carrier, whoever bound them; and a soak after its canary, of which there is one,
/// whoever goes on (docs/decisions/0224).
void check_pace(const Scene& scene) {
  std::map<char, std::vector<Scene::Bind>> lanes;
  for (const auto& bind : scene.binds()) {
    auto& lane = lanes[bind.trunk.front()];
    if (lane.empty() || lane.back().trunk != bind.trunk) lane.push_back(bind);
  }
  for (const auto& [carrier, binds] : lanes) {
    bool soaked = false;
    for (std::size_t i = 1; i < binds.size(); ++i) {
      const auto gap = binds[i].at - binds[i - 1].at;
      soaked = soaked || gap >= Scene::soak;
      require(gap >= Scene::stagger && soaked,
              fmt::format("{} was bound {} after {}", binds[i].trunk, to_string(gap), binds[i - 1].trunk));
    }
  }
}

void check_state(const Scene& scene, const Seen& seen) {
  require(seen.open.empty(), fmt::format("the intent of {} is open", fmt::join(seen.open, ", ")));
  require(seen.state.has_value(), "there is no state");
  require(seen.state->open_intents.empty(), "the state has an open intent");
  require(seen.state->resources.size() == Scene::trunks().size(), "the state has not all trunks");
  for (const auto& [address, record] : seen.state->resources) {
    const auto& live = seen.live.at(address.name);
    require(record.chain->identity == (live == "new" ? scene.new_identity() : scene.old_identity()),
            address.name + " is recorded with another certificate than it has");
    require(!record.failure, address.name + " is recorded as failed");
  }
  require(scene.violations() == 0, "the service was treated badly");
}

/// Whether the run that was killed had gone back already: then the next one is an ordinary run, which leaves the trunk
/// that is quarantined alone and exits 1 for its sake.
bool was_back(const Seen& before) {
  const auto patches = before.patches.find("a1");
  return patches != before.patches.end() && patches->second == 2;
}

/// All trunks have the new certificate, each by one PATCH.
void check_done(const Scene& scene, const Seen&, const Seen& seen) {
  check_state(scene, seen);
  for (const auto& name : Scene::trunks()) {
    require(seen.live.at(name) == "new", name + " has not the new certificate");
    require(seen.patches.at(name) == 1, fmt::format("{} was patched {} times", name, seen.patches.at(name)));
  }
  for (const auto& [address, record] : seen.state->resources) {
    require(record.history.size() == 1, address.name + " has not one earlier certificate");
    require(
        record.look && record.look->verdict == CheckVerdict::pass && record.look->at >= record.bound_at + Scene::soak,
        address.name + ": nobody saw the end of its soak");
  }
}

/// The canary goes there and back, is quarantined, and nothing else of its carrier is touched by that run.
void check_rolled_back(const Scene& scene, const Seen&, const Seen& seen) {
  check_state(scene, seen);
  require(seen.live.at("a1") == "old", "a1 was not rolled back");
  require(seen.patches.at("a1") == 2, fmt::format("a1 was patched {} times", seen.patches.at("a1")));
  for (const auto* name : {"a2", "a3", "a4"})
    require(!seen.patches.contains(name),
            std::string(name) + ": a chain that failed on a trunk of a carrier was tried on another one");
  for (const auto& [name, count] : seen.patches)
    require(name == "a1" || count == 1, fmt::format("{} was patched {} times", name, count));
  for (const auto& [address, record] : seen.state->resources)
    require((address.name == "a1") == (record.quarantine && record.quarantine->identity == scene.new_identity()),
            address.name + ": quarantine");
}

/// The same, and each blue after the soak of its green, whoever bound the one and the other.
void check_blue_after_green(const Scene& scene, const Seen& before, const Seen& seen) {
  check_done(scene, before, seen);
  std::map<std::string, Instant> bound;
  for (const auto& bind : scene.binds()) bound.emplace(bind.trunk, bind.at);
  for (const auto& [green, blue] : Scene::blue_of_green()) {
    const auto gap = bound.at(blue) - bound.at(green);
    require(gap >= Scene::soak, fmt::format("{} was bound {} after {}, its green", blue, to_string(gap), green));
  }
}

struct Way {
  Scene::Edge edge;
  Scene::Groups groups;
  std::vector<std::string> command;
  int code;  ///< of a run that comes to its end
  void (*check)(const Scene&, const Seen& before, const Seen& after);
};

struct Row {
  std::string step, found, done;
};

std::string last_words(const Scene& scene) {
  constexpr std::size_t k_most = 1500;
  const auto said = scene.said();
  return said.size() > k_most ? said.substr(said.size() - k_most) : said;
}

/// Whether the run was killed.
bool round(Scene& scene, const Way& way, std::uint64_t dies_at, Row& row) {
  scene.begin_round();
  const auto first = scene.run(dies_at, way.command);
  row.step = scene.step();
  const bool killed = WIFSIGNALED(first) && WTERMSIG(first) == SIGKILL;
  const auto ended = [](int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; };
  require(killed || ended(first, way.code),
          fmt::format("the run ended with {}:\n{}", WEXITSTATUS(first), last_words(scene)));
  if (!killed) {
    way.check(scene, {}, scene.look());
    check_pace(scene);
    return false;
  }
  const auto before = scene.look();
  row.found = found(before);
  const auto second = scene.run(0, way.command);
  const auto after = scene.look();
  row.done = done(before, after);
  const int code = way.edge == Scene::Edge::bad && was_back(before) ? 1 : way.code;
  require(ended(second, code),
          fmt::format("the run after it ended with {}:\n{}", WEXITSTATUS(second), last_words(scene)));
  way.check(scene, before, after);
  check_pace(scene);
  return true;
}

int look_on(const Way& way) {
  Scene scene(way.edge, way.groups);
  std::uint64_t n = 0;
  int failed = 0;
  for (bool killed = true; killed;) {
    Row row;
    std::string verdict = "right";
    ++n;
    try {
      killed = round(scene, way, n, row);
    } catch (const std::exception& failure) {
      verdict = std::string("WRONG: ") + failure.what();
      ++failed;
      if (row.step.empty()) killed = false;
    }
    if (killed) fmt::print("{:4}  {:58}  {:44}  {:52}  {}\n", n, row.step, row.found, row.done, verdict);
    if (!killed && verdict != "right") std::cerr << verdict << '\n';
  }
  if (n < 100) {
    std::cerr << "there were " << n - 1 << " boundaries only: the ports are not where they should be\n";
    ++failed;
  }
  std::cout << n - 1 - static_cast<std::uint64_t>(failed) << " passed, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a throw ends the test program, which is a failure
int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::vector<std::string> words(argv + 1, argv + argc);
  StoppedRun child;
  if (is_child(words, child)) return be_the_child(child);
  const std::vector<std::string> fresh = {"apply", "-auto-approve", "-parallelism=1"};
  const std::map<std::string, Way> ways = {
      {"new_plan", {Scene::Edge::good, Scene::Groups::none, fresh, 0, check_done}},
      {"saved_plan", {Scene::Edge::good, Scene::Groups::none, {"apply", "-parallelism=1", "reviewed"}, 0, check_done}},
      {"roll_back", {Scene::Edge::bad, Scene::Groups::none, fresh, 6, check_rolled_back}},
      {"blue_green", {Scene::Edge::good, Scene::Groups::blue_green, fresh, 0, check_blue_after_green}},
  };
  const auto way = words.size() == 1 ? ways.find(words[0]) : ways.end();
  if (way != ways.end()) return look_on(way->second);
  std::cerr << "usage: kill_at_each_step new_plan|saved_plan|roll_back|blue_green\n";
  return 64;
}
