#pragma once
// ProgramRunner over fork and execveat(2) of an opened, checked file. Thread-safe.
#include "schemas/ports/program_runner.hpp"

namespace trunkform::platform {

class PosixProgramRunner final : public ProgramRunner {
 public:
  Result<ProgramEnd> run(const Context& context, const ProgramRequest& request) override;
};

}  // namespace trunkform::platform
