#include "cmd/trunkform/variable_words.hpp"

#include <fmt/format.h>

namespace trunkform::cli {

std::string nothing_in(ProcessEnvironment& environment, std::initializer_list<const char*> names) {
  for (const auto* name : names)
    if (environment.variable(name) || environment.take_secret(name)) return fmt::format("{} is empty", name);
  if (names.size() == 1) return fmt::format("{} is not set", *names.begin());
  return fmt::format("neither {} is set", fmt::join(names, " nor "));
}

}  // namespace trunkform::cli
