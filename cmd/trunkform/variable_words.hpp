#pragma once
// Why environment variables say nothing. A variable that is set to nothing is mostly a secret that a pipeline did not
// pass on: who is told that it is not set looks in the wrong place. Thread-safe.
#include <initializer_list>
#include <string>

#include "schemas/ports/process_environment.hpp"

namespace trunkform::cli {

/// `X is not set`, `X is empty`; of several `neither X nor Y is set`, or which of them is empty. Of variables that hold
/// nothing, which may be secret ones.
std::string nothing_in(ProcessEnvironment& environment, std::initializer_list<const char*> names);

}  // namespace trunkform::cli
