// test_simulation [--seeds N] [--first N] [--jobs N] | --seed N | --mutants [--seeds N]
//
// Runs the program, whole, through random worlds on a virtual clock: random carriers, trunks and policies; kills at any
// step, power cuts, full disks, lost answers, storms of 429, foreign edits, wires that lie or are dead, clocks that
// jump, a lock that is removed, a second runner. After each run it looks at what must hold (witness.cpp); in the end
// everything is mended, and the world must come to the same rest as one without any trouble.
//
// --seed replays one and tells its story. --mutants spoils one port after another and fails unless each is found.
// The last line counts: "N passed, N failed". A case is a seed, or a mutant.
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "tests/simulation/simulate.hpp"

namespace {

using namespace trunkform::simulation;

struct Count {
  std::uint64_t passed = 0, failed = 0, runs = 0, kills = 0;
};

Verdict judged(std::uint64_t seed, const Mutant* mutant) {
  try {
    return simulate(seed, mutant);
  } catch (const std::exception& error) {
    Verdict verdict;
    verdict.complaints.push_back(std::string("the simulation itself failed: ") + error.what());
    return verdict;
  }
}

Count run_seeds(std::uint64_t first, std::uint64_t number, unsigned jobs) {
  std::atomic<std::uint64_t> next{first};
  std::mutex mutex;
  Count count;
  const auto work = [&] {
    for (auto seed = next++; seed < first + number; seed = next++) {
      const auto verdict = judged(seed, nullptr);
      const std::scoped_lock guard(mutex);
      count.runs += static_cast<std::uint64_t>(verdict.runs);
      count.kills += static_cast<std::uint64_t>(verdict.kills);
      ++(verdict.complaints.empty() ? count.passed : count.failed);
      if (verdict.complaints.empty() || count.failed > 20) continue;
      std::cout << fmt::format("seed {}:\n", seed);
      for (const auto& complaint : verdict.complaints) std::cout << "  " << complaint << '\n';
      std::cout << fmt::format("  replay: tests/run.sh simulation --seed {}\n", seed) << std::flush;
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < jobs; ++i) threads.emplace_back(work);
  work();
  threads.clear();
  return count;
}

/// Each mutant must be found within so many seeds.
Count run_mutants(std::uint64_t number) {
  Count count;
  for (const auto& mutant : mutants()) {
    std::string found;
    std::uint64_t seed = 1;
    for (; seed <= number && found.empty(); ++seed) {
      const auto verdict = judged(seed, &mutant);
      if (!verdict.complaints.empty())
        found = verdict.complaints.front().substr(0, verdict.complaints.front().find('\n'));
    }
    ++(found.empty() ? count.failed : count.passed);
    std::cout << (found.empty()
                      ? fmt::format("NOT FOUND  {}: {}\n", mutant.name, mutant.what)
                      : fmt::format("found  {}: {} (seed {}: {})\n", mutant.name, mutant.what, seed - 1, found))
              << std::flush;
  }
  return count;
}

int replay(std::uint64_t seed) {
  const auto verdict = judged(seed, nullptr);
  std::cout << make_scenario(seed).configuration("new");
  for (const auto& line : verdict.story) std::cout << "== " << line << '\n';
  for (const auto& complaint : verdict.complaints) std::cout << "!! " << complaint << '\n';
  return verdict.complaints.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seeds = 2000, first = 1;
  auto jobs = std::max(1U, std::thread::hardware_concurrency());
  bool spoil = false;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--mutants") {
      spoil = true;
      continue;
    }
    if (i + 1 == argc) {
      std::cerr << "usage: test_simulation [--seeds N] [--first N] [--jobs N] | --seed N | --mutants [--seeds N]\n";
      return 64;
    }
    const auto value = std::strtoull(argv[++i], nullptr, 10);
    if (flag == "--seed") return replay(value);
    if (flag == "--seeds") seeds = value;
    if (flag == "--first") first = value;
    if (flag == "--jobs") jobs = static_cast<unsigned>(value);
  }
  const auto count = spoil ? run_mutants(seeds) : run_seeds(first, seeds, jobs);
  if (!spoil)
    std::cout << fmt::format("{} seeds, {} runs of the program, {} of them killed\n", seeds, count.runs, count.kills);
  std::cout << fmt::format("{} passed, {} failed\n", count.passed, count.failed);
  return count.failed == 0 && count.passed > 0 ? 0 : 1;
}
