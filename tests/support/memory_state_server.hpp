#pragma once
// A state server in memory, with what real ones do that is hard to bring about. Thread-safe.
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "schemas/ports/state_server.hpp"

namespace trunkform::testing {

struct MemoryStateServer {
  enum class Answer { lost_before_the_write, lost_after_the_write, passed_over, put_off };
  enum class Lock { excludes, gives_to_all };
  enum class Delete { works, is_unknown };

  struct Space {
    std::optional<std::string> document;
    std::optional<std::string> lock;  ///< its info
  };
  std::mutex mutex;
  std::map<std::string, Space> spaces;  ///< by workspace
  std::deque<Answer> answers;           ///< of the next writes; none: as it should be
  std::optional<std::string> late;      ///< a document of `put_off`, for the test to bring in
  StateAddresses addresses = StateAddresses::of_each_workspace;
  Lock locks = Lock::excludes;
  Delete deletes = Delete::works;
  Instant now{};
  int gets = 0, puts = 0;
};

/// As another process sees it. Borrows the server.
std::shared_ptr<StateServer> open_memory_state_server(MemoryStateServer& server);

}  // namespace trunkform::testing
