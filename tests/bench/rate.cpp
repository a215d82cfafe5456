// How much of the service's request rate an apply uses, on a virtual clock: the whole program with its own pacer,
// against the simulated service with its own limit of requests a minute.
//
//   bench_rate TRUNKS
//
// Prints one JSON object: trunks, requests, minutes, allowed_per_minute, used (of what the service would have allowed
// in that time), rate_limited (429s), seconds (of this machine). Not 0 where the apply does not end well.
#include <charconv>
#include <chrono>
#include <cstring>

#include <fmt/format.h>

#include "tests/support/simulated_program.hpp"

using namespace trunkform;

namespace {

/// `requests_per_minute` of the service; ours is the program's default.
constexpr int k_allowed = 300;
/// What a request takes, in the service's time: without it a minute's requests would all come in its first instant.
constexpr Duration k_answer = std::chrono::milliseconds(40);

}  // namespace

int main(int argc, char** argv) {
  std::size_t trunks = 0;
  if (argc != 2 || std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), trunks).ec != std::errc() || trunks == 0) {
    fmt::print(stderr, "usage: bench_rate TRUNKS\n");
    return 64;
  }
  const auto started = std::chrono::steady_clock::now();
  testing::SimulatedProgram program;
  program.make_pair("old");
  program.make_pair("new", std::chrono::hours(24 * 91));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < trunks; ++i) program.add_trunk(names.emplace_back(fmt::format("t{}", i)), "old");
  program.configure(names, "new");
  const auto limited =
      program.service.turn(fmt::format(R"({{"requests_per_minute":{}}})", k_allowed), program.clock.now());
  if (!limited) {
    fmt::print(stderr, "{}\n", to_line(limited.error()));
    return 1;
  }
  program.http.before = [&](const HttpRequest&) { program.clock.advance(k_answer); };
  const auto from = program.clock.now();
  const auto ended = program.run({"apply", "-auto-approve"});
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;
  const auto minutes = std::chrono::duration<double, std::ratio<60>>(program.clock.now() - from).count();
  const auto summary = program.service.summary();
  if (ended.code != 0 || summary.patches_committed != trunks) {
    fmt::print(stderr, "exit {} after {} of {} trunks\n{}", ended.code, summary.patches_committed, trunks, ended.err);
    return 1;
  }
  fmt::print(R"({{"trunks":{},"requests":{},"minutes":{:.2f},"allowed_per_minute":{},"used":{:.3f},"rate_limited":{},)"
             R"("seconds":{:.2f}}})"
             "\n",
             trunks, summary.requests, minutes, k_allowed,
             static_cast<double>(summary.requests) / (minutes * k_allowed), summary.rate_limited, wall.count());
  return 0;
}
