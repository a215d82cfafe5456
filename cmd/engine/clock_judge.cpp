#include "cmd/engine/clock_judge.hpp"

#include <chrono>

#include <fmt/format.h>

namespace trunkform::engine {

std::optional<Diagnostic> judge_clock(Duration difference, std::string_view whose) {
  constexpr Duration k_largest = std::chrono::minutes(5);
  constexpr Duration k_unremarkable = std::chrono::minutes(1);
  const auto size = difference < Duration::zero() ? -difference : difference;
  if (size > k_largest)
    return Diagnostic{Severity::error,
                      Error(ErrorCode::invalid_input,
                            fmt::format("this machine's clock is {} {} {}'s", to_words(size),
                                        difference > Duration::zero() ? "behind" : "ahead of", whose),
                            "expiry and maintenance windows would be judged wrongly")
                          .hint("set the clock (timedatectl shows whether it is synchronised), then run the command "
                                "again")};
  if (size > k_unremarkable)
    return Diagnostic{Severity::warning,
                      Error(ErrorCode::invalid_input,
                            fmt::format("this machine's clock differs from {}'s by {}", whose, to_words(size)))};
  return std::nullopt;
}

}  // namespace trunkform::engine
