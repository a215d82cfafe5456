#pragma once
// The word of a person before anything is changed.
#include <optional>
#include <stop_token>

#include "cmd/trunkform/reporter.hpp"

namespace trunkform::cli {

/// While it lives, a signal ends the program at once with 130: a read of a terminal cannot be interrupted otherwise.
/// Only where nothing is under way that would have to be finished; the lock of the local backend dies with its process.
class LeaveOnSignal {
 public:
  explicit LeaveOnSignal(const World& world);

 private:
  std::optional<std::stop_callback<void (*)()>> m_on_signal;
};

/// Asks on the terminal; only `yes` counts. Without a terminal: an error with `other_way`, if any, and `-auto-approve`.
Result<bool> ask_for_approval(World& world, const Reporter& reporter, const std::string& question,
                              const std::string& other_way = {});

}  // namespace trunkform::cli
