#pragma once
// The process that is killed: the whole program over ports that stop it. It is the test program itself, started with
// other arguments.
#include <string>
#include <vector>

#include "schemas/ports/file_system.hpp"

namespace trunkform::testing {

struct StoppedRun {
  std::uint64_t dies_at = 0;  ///< 0: never
  std::string page;           ///< file of the SharedPage
  Path folder;                ///< of the configuration
  std::vector<std::string> arguments;
};

/// In the child: runs the program. Returns its exit code.
int be_the_child(const StoppedRun& run);
/// In the parent: `status` as waitpid has it; what the program says goes into `said`. Throws where no child can be had.
int start_and_wait(const StoppedRun& run, const std::vector<std::string>& environment, const Path& said);
/// Whether these are a child's arguments, and which.
bool is_child(const std::vector<std::string>& words, StoppedRun& run);

}  // namespace trunkform::testing
