#pragma once
// How long a service asks to wait: RFC 9110 §10.2.3, seconds or an HTTP date (§5.6.7). Pure.
#include <optional>
#include <string>
#include <string_view>

#include "schemas/model/time.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::cloud {

/// All three forms: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
/// `now` decides the century of the second. Nullopt for anything else.
std::optional<Instant> parse_http_date(std::string_view text, Instant now);

/// The first of them.
std::string to_http_date(Instant time);

/// Never less than what was asked: seconds are whole, a date is taken a second late. A date that has passed is zero.
std::optional<Duration> parse_retry_after(std::string_view text, Instant now);

/// Whole seconds, spaces around them allowed; more than ten years are ten.
std::optional<Duration> parse_seconds(std::string_view text);

/// Of the answer's Retry-After; none where there is no such header, or nothing that can be read. A date is compared
/// with the answer's own Date, so that a wrong clock here cannot shorten the wait.
std::optional<Duration> retry_after_of(const HttpResponse& response, Instant now);

}  // namespace trunkform::cloud
