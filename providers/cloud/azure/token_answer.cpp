#include "providers/cloud/azure/token_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/cloud/secret_json.hpp"

namespace trunkform::cloud::azure {
namespace {

std::optional<std::int64_t> number_at(SecretJson& json, std::string_view name) {
  if (const auto number = json.number({name})) return number;
  const auto text = json.text({name});
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (failure != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

/// `11/27/2026 19:31:28 +00:00` of App Service on Linux, `11/27/2026 7:31:28 PM +00:00` of the one on Windows.
std::optional<Instant> date_in_words(std::string_view text) {
  std::array<int, 6> numbers{};  // month, day, year, hour, minute, second
  constexpr std::string_view k_after = "// ::";
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
    if (failure != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (i == k_after.size()) break;
    if (text.empty() || text.front() != k_after[i]) return std::nullopt;
    text.remove_prefix(1);
  }
  auto [month, day, year, hour, minute, second] = numbers;
  const bool is_afternoon = text.starts_with(" PM");
  if (is_afternoon || text.starts_with(" AM")) hour = hour % 12 + (is_afternoon ? 12 : 0);
  return parse_rfc3339(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, hour, minute, second));
}

std::optional<Duration> lasts(SecretJson& json, Instant now) {
  constexpr std::int64_t k_longest = 366LL * 24 * 3600;
  if (const auto seconds = number_at(json, "expires_in"))
    return std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 0, k_longest));
  if (const auto seconds = number_at(json, "expires_on")) {
    const auto left = *seconds - std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
    return std::chrono::seconds(std::clamp<std::int64_t>(left, 0, k_longest));
  }
  const auto words = json.text({"expires_on"});
  const auto end = words ? date_in_words(*words) : std::nullopt;
  return end ? std::optional(std::max(Duration(0), *end - now)) : std::nullopt;
}

}  // namespace

std::optional<Granted> granted_by(const SecretBuffer& answer, Instant now) {
  SecretJson json(answer);
  auto token = json.secret({"access_token"});
  if (!token || token->empty()) return std::nullopt;
  return Granted{std::move(*token), lasts(json, now)};
}

std::optional<Refusal> refusal_of_token(const std::string& call, const HttpResponse& answer) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  SecretJson json(answer.secret_body);
  auto words = json.text({"error_description"}).value_or("");
  // What comes after the first line is for Microsoft: trace and correlation ids, the time.
  words.resize(std::min(words.find_first_of("\r\n"), words.size()));
  if (words.empty()) words = json.text({"error"}).value_or("");
  const auto said =
      fmt::format("{} answered {}{}", call, answer.status, words.empty() ? "" : ": " + quoted(words, 300));
  if (answer.status == 429) return Refusal{Error(ErrorCode::throttled, said), true};
  if (answer.status >= 500) return Refusal{Error(ErrorCode::unavailable, said), true};
  return Refusal{Error(ErrorCode::denied, said), false};
}

}  // namespace trunkform::cloud::azure
