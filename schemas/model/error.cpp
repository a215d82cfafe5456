#include "schemas/model/error.hpp"

namespace trunkform {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_input:
      return "invalid_input";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::fenced:
      return "fenced";
    case ErrorCode::lock_held:
      return "lock_held";
    case ErrorCode::denied:
      return "denied";
    case ErrorCode::untrusted:
      return "untrusted";
    case ErrorCode::throttled:
      return "throttled";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::outcome_unknown:
      return "outcome_unknown";
    case ErrorCode::timeout:
      return "timeout";
    case ErrorCode::cancelled:
      return "cancelled";
    case ErrorCode::rejected:
      return "rejected";
    case ErrorCode::protocol:
      return "protocol";
    case ErrorCode::corrupt:
      return "corrupt";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::io:
      return "io";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

std::string to_line(const Error& error) {
  std::string line = error.summary;
  if (!error.detail.empty()) line += ": " + error.detail;
  for (const auto& cause : error.causes) line += ": " + to_line(cause);
  for (auto& character : line)
    if (character == '\n' || character == '\r') character = ' ';
  return line;
}

}  // namespace trunkform
