#include "providers/genesys/asked_to_wait.hpp"

#include "providers/cloud/retry_after.hpp"

namespace trunkform::genesys {
namespace {

/// `… Retry the request in [7] seconds`
std::optional<Duration> seconds_in(std::string_view message) {
  const auto open = message.find('[');
  if (open == std::string_view::npos) return std::nullopt;
  const auto close = message.find("] second", open);
  if (close == std::string_view::npos) return std::nullopt;
  return cloud::parse_seconds(message.substr(open + 1, close - open - 1));
}

}  // namespace

std::optional<Duration> asked_to_wait(const HttpResponse& response, std::string_view message, Instant now) {
  if (auto wait = cloud::retry_after_of(response, now)) return wait;
  if (const auto* text = response.header("inin-ratelimit-reset"))
    if (auto wait = cloud::parse_seconds(*text)) return wait;
  return seconds_in(message);
}

}  // namespace trunkform::genesys
