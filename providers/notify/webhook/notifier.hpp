#pragma once
// `notify.webhook`: a POST in one of several forms, signed where there is a key. Thread-safe.
#include <string_view>

#include "providers/notify/registry.hpp"

namespace trunkform::notify {

Result<std::unique_ptr<Notifier>> make_webhook(const WebhookSettings& settings, Surroundings surroundings);

/// `t=UNIX-SECONDS,v1=HEX`, HMAC-SHA256 over `UNIX-SECONDS.BODY`: the time is signed too, so that a receiver can refuse
/// what is old. The header `X-Trunkform-Signature`.
std::string signature(const SecretBuffer& key, std::string_view body, Instant now);

}  // namespace trunkform::notify
