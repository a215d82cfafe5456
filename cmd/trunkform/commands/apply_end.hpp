#pragma once
// How an apply ends for people and for scripts: what to do about each error, and the exit code. Pure.
#include <optional>

#include "cmd/engine/apply.hpp"
#include "cmd/trunkform/reporter.hpp"

namespace trunkform::cli {

/// Only the binding knows which secret it was that did not open the key.
Error with_passphrase(Error error, const Plan& plan);
/// Of a trunk that went back, and whose port does not verify with the earlier certificate either.
Error earlier_fails(const Address& address, const CheckResult& served);
/// What is to be said of a trunk that did not end as planned, with what to do about it; none: nothing.
std::optional<Error> what_to_tell(const engine::AddressOutcome& outcome);

/// `errors`: whether any was told.
ExitCode exit_code(const engine::ApplySummary& summary, bool errors, bool interrupted);

}  // namespace trunkform::cli
