#pragma once
// The bodies that receivers understand. Foreign text is escaped for each: JSON everywhere, and Slack's own markup.
// Inside webhook only. Pure.
#include <string>

#include "schemas/model/alert.hpp"

namespace trunkform::notify {

/// Our own: schemas/published/alert.schema.json.
std::string json_body(const Alert& alert);
/// Incoming webhooks: a fallback text and Block Kit
/// (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
std::string slack_body(const Alert& alert);
/// A workflow that takes an adaptive card ("When a Teams webhook request is received").
std::string teams_body(const Alert& alert);
/// Events API v2, without its first member `routing_key`: that is put in front in locked memory.
std::string pagerduty_body(const Alert& alert);
/// Alert API: create, or close.
std::string opsgenie_body(const Alert& alert);
/// What follows the address of the alerts: `/ALIAS/close?identifierType=alias`, or nothing.
std::string opsgenie_path(const Alert& alert);

}  // namespace trunkform::notify
