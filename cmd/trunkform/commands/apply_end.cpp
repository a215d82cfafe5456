#include "cmd/trunkform/commands/apply_end.hpp"

#include <fmt/format.h>

#include "schemas/model/shell_word.hpp"

namespace trunkform::cli {
namespace {

/// Precondition: the outcome has an error.
Error with_hint(const engine::AddressOutcome& outcome) {
  auto error = *outcome.result.error;
  const auto& served = outcome.result.verification.served;
  if (outcome.phase == rollout::Phase::rolled_back && served.verdict == CheckVerdict::fail)
    error.hints.push_back(fmt::format(
        "the earlier certificate is bound again, and its check on the wire fails as well ({}): calls may fail until "
        "it passes; look again: trunkform verify {}",
        served.evidence, shell_quoted(outcome.address)));
  if (outcome.phase == rollout::Phase::rolled_back)
    error.hints.emplace_back(
        "the earlier certificate is bound again; this chain is not tried here until it changes, or "
        "you say so: trunkform apply -retry");
  else if (error.hints.empty())
    error.hints.emplace_back("see what the trunk has now: trunkform plan");
  return error;
}

}  // namespace

Error with_passphrase(Error error, const Plan& plan) {
  if (to_line(error).find("the passphrase does not open the private key") == std::string::npos) return error;
  for (const auto& change : plan.changes) {
    if (!change.binding || to_string(change.address) != error.address) continue;
    const auto& arguments = change.binding->locator->arguments;
    const auto found = arguments.find("passphrase");
    if (found == arguments.end()) continue;
    const auto colon = found->second.find(':');
    error.hints.insert(error.hints.begin(),
                       fmt::format("the passphrase came from the {} {}: correct what is there",
                                   found->second.starts_with("env:") ? "environment variable" : "file",
                                   found->second.substr(colon + 1)));
  }
  return error;
}

Error earlier_fails(const Address& address, const CheckResult& served) {
  return Error(ErrorCode::rejected, "the earlier certificate is bound again, and its check on the wire fails",
               served.evidence)
      .of(to_string(address))
      .hint(fmt::format("calls may fail until it passes; look again: trunkform verify {}", shell_quoted(address)))
      .hint("where it stays so, the edge has to be looked at: what is bound is not what is wrong");
}

std::optional<Error> what_to_tell(const engine::AddressOutcome& outcome) {
  if (outcome.phase == rollout::Phase::done) return std::nullopt;
  if (outcome.result.error) return with_hint(outcome);
  // A rollback that an earlier run left due failed in that run, and has no error of its own.
  const auto& served = outcome.result.verification.served;
  if (outcome.phase == rollout::Phase::rolled_back && served.verdict == CheckVerdict::fail)
    return earlier_fails(outcome.address, served);
  return std::nullopt;
}

ExitCode exit_code(const engine::ApplySummary& summary, bool errors, bool interrupted) {
  auto code = ExitCode::done;
  if (errors || summary.failed + summary.stale > 0) code = combine(code, ExitCode::error);
  if (summary.stopped || summary.rolled_back > 0) code = combine(code, ExitCode::stopped);
  if (interrupted) return ExitCode::interrupted;
  // What else failed failed of that: nothing is wrong with the trunks, and who waits for the lock may go on.
  if (summary.lock_lost) return ExitCode::stopped;
  return code;
}

}  // namespace trunkform::cli
