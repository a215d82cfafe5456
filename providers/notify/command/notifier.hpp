#pragma once
// `notify.command`: a program of the operator's, the alert as one line of JSON on its standard input. Thread-safe.
#include "providers/notify/registry.hpp"

namespace trunkform::notify {

Result<std::unique_ptr<Notifier>> make_command(const CommandSettings& settings, Surroundings surroundings);

}  // namespace trunkform::notify
