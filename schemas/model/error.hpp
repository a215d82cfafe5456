#pragma once
// One failure as data: what happened, why, what to do. Written for the person who is paged at 3 a.m.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/source_range.hpp"
#include "schemas/model/time.hpp"

namespace trunkform {

/// What a caller may decide upon. Words, not numbers, reach users.
enum class ErrorCode {
  invalid_input,    ///< the user's configuration, flag or file is wrong
  not_found,        ///< the thing asked for does not exist
  conflict,         ///< a condition of a write did not hold (compare-and-swap, version)
  fenced,           ///< our lock's epoch is over: stop writing
  lock_held,        ///< somebody else holds the lock
  denied,           ///< credentials or permissions
  untrusted,        ///< the trust file does not allow it
  throttled,        ///< rate limit; `retry_after` may say until when
  unavailable,      ///< not reachable, or answered 5xx; certainly nothing was changed
  outcome_unknown,  ///< a write may or may not have happened and could not be read back
  timeout,          ///< the deadline of the call passed
  cancelled,        ///< the user or a signal asked to stop
  rejected,         ///< the other side understood and refused (4xx)
  protocol,         ///< the other side answered something that is not its protocol
  corrupt,          ///< a document of ours is damaged
  unsupported,      ///< understood, but not in this version
  io,               ///< the operating system said no
  internal,         ///< a bug in trunkform
};

std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string summary;                ///< lower case, no final period, one line
  std::string detail;                 ///< why, in sentences; may be empty
  std::string address;                ///< the resource or block it belongs to, `type.name["key"]`; may be empty
  std::optional<SourceRange> source;  ///< where in the configuration
  std::vector<std::string> hints;     ///< what to do, each one action, with the command where there is one
  std::vector<Error> causes;          ///< innermost last
  std::optional<Duration> retry_after;

  Error() = default;
  Error(ErrorCode error_code, std::string error_summary, std::string error_detail = {})
      : code(error_code), summary(std::move(error_summary)), detail(std::move(error_detail)) {}

  // Builders, so that a failure is one expression: `return Error(…).at(range).hint("…")`.
  Error&& at(SourceRange range) && {
    source = std::move(range);
    return std::move(*this);
  }
  Error&& of(std::string owner) && {
    address = std::move(owner);
    return std::move(*this);
  }
  Error&& hint(std::string text) && {
    hints.push_back(std::move(text));
    return std::move(*this);
  }
  Error&& because(Error cause) && {
    causes.push_back(std::move(cause));
    return std::move(*this);
  }
  Error&& after(Duration wait) && {
    retry_after = wait;
    return std::move(*this);
  }
};

/// One line: summary, then detail, then the causes' summaries, joined by ": ". For logs and events.
std::string to_line(const Error& error);

}  // namespace trunkform
