#pragma once
// What benches of real servers share: what the environment says, and what the ports need of this machine.
#include <atomic>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

#include <unistd.h>

#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "state/remote/ports.hpp"

namespace trunkform::testing {

inline std::string said(const char* name) {
  const auto* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string(name) + " must be set");
  return value;
}

/// The place that several processes share, where BACKEND_PLACE names one.
inline std::optional<std::string> shared_place() {
  const auto* value = std::getenv("BACKEND_PLACE");
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}
/// That, or a new one of this test case alone.
inline std::string place_of_a_case() {
  static std::atomic<int> places = 0;
  if (auto shared = shared_place()) return *shared;
  return "kit_" + std::to_string(::getpid()) + "_" + std::to_string(++places);
}

/// Where the selected workspace is written down; and what the ports need of this machine.
struct Machine {
  platform::SimulatedFileSystem files;
  platform::SystemClock clock;
  platform::SystemRandom random;
  Machine() { (void)files.create_directories("/configuration"); }

  state::Backend open(const state::OpenEngine& engine, const std::string& workspace) {
    auto backend = state::open_remote({files, clock, random, "/configuration"}, engine, workspace);
    if (!backend) throw std::runtime_error(to_line(backend.error()));
    return std::move(*backend);
  }
};

}  // namespace trunkform::testing
