#pragma once
// `notify.email`: one message an alert, through the MailTransport port. Thread-safe.
#include "providers/notify/registry.hpp"

namespace trunkform::notify {

Result<std::unique_ptr<Notifier>> make_email(const EmailSettings& settings, Surroundings surroundings);

}  // namespace trunkform::notify
