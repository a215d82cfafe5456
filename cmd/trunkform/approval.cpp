#include "cmd/trunkform/approval.hpp"

#include <cstdio>
#include <cstdlib>
#include <istream>
#include <ostream>

namespace trunkform::cli {
namespace {

void leave_at_once() {
  (void)std::fputs("\n", stdout);
  (void)std::fflush(stdout);
  std::_Exit(static_cast<int>(ExitCode::interrupted));
}

}  // namespace

LeaveOnSignal::LeaveOnSignal(const World& world) {
  if (world.streams.in_is == Terminal::yes) m_on_signal.emplace(world.stop, leave_at_once);
}

Result<bool> ask_for_approval(World& world, const Reporter& reporter, const std::string& question,
                              const std::string& other_way) {
  if (world.streams.in_is == Terminal::no) {
    Error error(ErrorCode::invalid_input, "nobody can approve: standard input is not a terminal");
    if (!other_way.empty()) error.hints.push_back(other_way);
    return std::move(error).hint((other_way.empty() ? "" : "or ") +
                                 std::string("approve without looking: -auto-approve"));
  }
  world.streams.out << '\n'
                    << reporter.out_style().bold(question) << "\n  Only 'yes' will be accepted to approve.\n\n  "
                    << reporter.out_style().bold("Enter a value: ") << std::flush;
  const LeaveOnSignal leaving(world);
  std::string answer;
  if (!std::getline(world.streams.in, answer)) return false;
  return answer == "yes";
}

}  // namespace trunkform::cli
