#include "tests/fault/stopped_process.hpp"

#include <iostream>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include "cmd/trunkform/program.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/process_environment.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/probe/tls/tls_probe.hpp"
#include "tests/fault/stopping_ports.hpp"

namespace trunkform::testing {
namespace {

constexpr const char* k_child = "--child";

class NoSip final : public SipProbe {
 public:
  Result<int> options(const Context&, const TlsProbePolicy&) override { return 200; }
  Result<CallOutcome> call(const Context&, const TlsProbePolicy&, const CallPolicy&) override {
    return Error(ErrorCode::unavailable, "nobody to call");
  }
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

int be_the_child(const StoppedRun& run) {
  auto* page = SharedPage::map(run.page);
  if (page == nullptr) return 70;
  Boundaries boundaries(*page, run.dies_at);
  StoppingSystemCalls calls(platform::posix_system_calls(), boundaries);
  platform::PosixFileSystem files(calls);
  SharedClock clock(*page);
  platform::SystemRandom random;
  platform::PosixProcessEnvironment environment;
  x509::FactsCache facts;
  Purposes purposes;
  const auto wire = probe::make_tls_probe(clock, facts);
  StoppingProbe tls(*wire, boundaries, purposes);
  NoSip sip;
  const auto http = platform::make_curl_client({}, clock);
  cli::Decorators decorators;
  decorators.trunk_api = [&](std::unique_ptr<TrunkApi> api) {
    return std::make_unique<StoppingTrunkApi>(std::move(api), boundaries);
  };
  decorators.backend = [&](state::Backend& backend) { name_parts(backend, boundaries, purposes); };
  cli::World world{files,      clock, random, environment, *http, tls, sip, {std::cout, std::cerr, std::cin},
                   run.folder, {},    {},     decorators};
  return cli::run_program(world, run.arguments);
}

int start_and_wait(const StoppedRun& run, const std::vector<std::string>& environment, const Path& said) {
  std::vector<std::string> words = {"kill_at_each_step", k_child, std::to_string(run.dies_at), run.page,
                                    run.folder.string()};
  words.insert(words.end(), run.arguments.begin(), run.arguments.end());
  auto variables = environment;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, said.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int failure =
      ::posix_spawn(&child, "/proc/self/exe", &actions, nullptr, pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (failure != 0 || ::waitpid(child, &status, 0) != child) throw std::runtime_error("the child could not be started");
  return status;
}

bool is_child(const std::vector<std::string>& words, StoppedRun& run) {
  if (words.size() < 5 || words[0] != k_child) return false;
  run = {std::stoull(words[1]), words[2], words[3], {words.begin() + 4, words.end()}};
  return true;
}

}  // namespace trunkform::testing
