#pragma once
// What `apply` and `destroy` are told on the command line, beside what every command is.
#include <optional>
#include <string>
#include <vector>

#include "cmd/trunkform/command_spec.hpp"
#include "schemas/model/result.hpp"
#include "schemas/model/time.hpp"

namespace trunkform::cli {

std::vector<Flag> apply_flags();

struct ApplyTiming {
  Duration wait{};
  std::optional<Instant> deadline;
};
/// `-wait=2h`; `-deadline=90m` from now, or a time. Error: invalid_input.
Result<ApplyTiming> apply_timing(const Arguments& arguments, Instant now);

/// What does the rest of this run, in backticks: what `-replace` named is remembered, nothing remembers the other
/// flags, and a trunk that has its certificate already is not written again. Values of variables are left out.
std::string command_again(const Arguments& arguments);

/// A reviewed plan is carried out as it is: what would choose from it or alter it is refused, not ignored. Error:
/// invalid_input.
Result<> check_flags_of_plan_file(const Arguments& arguments);

}  // namespace trunkform::cli
