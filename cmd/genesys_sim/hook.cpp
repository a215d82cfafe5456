#include "cmd/genesys_sim/hook.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

extern char** environ;

namespace trunkform::sim {
namespace hook_detail {

/// The server blocks the signals that end it; a child starts with none blocked.
struct Attributes {
  posix_spawnattr_t value;
  Attributes() {
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_init(&value);
    posix_spawnattr_setsigmask(&value, &none);
    posix_spawnattr_setflags(&value, POSIX_SPAWN_SETSIGMASK);
  }
  ~Attributes() { posix_spawnattr_destroy(&value); }
};

void wait_for(pid_t child, const std::string& command) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      fmt::print(stderr, "genesys-sim: hook '{}' took over 30 s and was ended\n", command);
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    fmt::print(stderr, "genesys-sim: hook '{}' failed (wait status {})\n", command, status);
}

}  // namespace hook_detail

void run_hook(const std::string& command, const BindNotice& notice) {
  const auto leaf = to_hex(notice.identity.leaf);
  std::vector<std::string> arguments{"sh", "-c", command, "genesys-sim-hook", notice.trunk_id, leaf};
  std::vector<std::string> variables{"SIM_TRUNK_ID=" + notice.trunk_id, "SIM_TRUNK_NAME=" + notice.trunk_name,
                                     "SIM_LEAF=" + leaf, "SIM_CHAIN=" + to_hex(notice.identity.chain)};
  for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  };
  const hook_detail::Attributes attributes;
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, "/bin/sh", nullptr, &attributes.value, pointers(arguments).data(),
                                   pointers(variables).data());
  if (failed != 0) {
    fmt::print(stderr, "genesys-sim: hook '{}' cannot start: {}\n", command, std::strerror(failed));
    return;
  }
  hook_detail::wait_for(child, command);
}

}  // namespace trunkform::sim
