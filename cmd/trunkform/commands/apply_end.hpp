#pragma once
// How an apply ends for people and for scripts: what to do about each error, and the exit code. Pure.
#include "cmd/engine/apply.hpp"
#include "cmd/trunkform/reporter.hpp"

namespace trunkform::cli {

/// Only the binding knows which secret it was that did not open the key.
Error with_passphrase(Error error, const Plan& plan);
/// Precondition: the outcome has an error.
Error with_hint(const engine::AddressOutcome& outcome);

/// `errors`: whether any was told.
ExitCode exit_code(const engine::ApplySummary& summary, bool errors, bool interrupted);

}  // namespace trunkform::cli
