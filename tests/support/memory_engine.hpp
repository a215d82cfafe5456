#pragma once
// An engine in memory, with the answers that get lost on the way: what the ports over an engine are tried with where no
// server is needed.
#include <map>
#include <memory>
#include <mutex>

#include "state/remote/engine.hpp"

namespace trunkform::testing {

enum class Answer { comes, lost_before_the_write, lost_after_the_write };

/// What the server holds. Outlives its engines. Thread-safe.
struct MemoryServer {
  struct Space {
    std::optional<LockInfo> lock;
    Instant runs_out{};
    std::optional<std::string> document;
    std::map<Sequence, state::EventBatch> log;
    std::optional<std::string> alerts;
    bool is_known = false;
  };
  struct Text {
    std::string text;
    int revision = 0;
  };
  std::mutex mutex;
  std::map<std::string, Space> spaces;
  std::map<state::Shared, Text> shared;
  Instant now = *parse_rfc3339("2026-11-27T12:00:00Z");
  Duration renewal{};  ///< zero: a lock does not run out
  Duration time_to_live{};
  std::vector<Answer> answers;  ///< of the next writes, first first
  int writes = 0;               ///< that were asked for
};

std::unique_ptr<state::Engine> open_memory(MemoryServer& server, const std::string& workspace);

}  // namespace trunkform::testing
