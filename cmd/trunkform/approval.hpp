#pragma once
// The word of a person before anything is changed.
#include "cmd/trunkform/reporter.hpp"

namespace trunkform::cli {

/// Asks on the terminal; only `yes` counts. Without a terminal: an error that names `-auto-approve` and plan files.
Result<bool> ask_for_approval(World& world, const Reporter& reporter, const std::string& question);

}  // namespace trunkform::cli
