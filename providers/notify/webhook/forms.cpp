#include "providers/notify/webhook/forms.hpp"

#include <fmt/format.h>

#include "providers/cloud/percent_encoding.hpp"
#include "providers/notify/text.hpp"
#include "schemas/codec/alert_codec.hpp"
#include "schemas/codec/json_writer.hpp"

namespace trunkform::notify {
namespace {

using codec::JsonWriter;

void text_member(JsonWriter& out, std::string_view name, std::string_view text) { out.member(name, text); }

/// Slack's control characters, so that no name of a trunk is a link or calls a channel.
std::string slack_text(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&')
      safe += "&amp;";
    else if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '`' || c == '*' || c == '_' || c == '~')
      safe += fmt::format("\u200B{}", c);  // no markup: Slack has no escape for these
    else
      safe += c;
  }
  return safe;
}

void slack_section(JsonWriter& out, std::string_view text) {
  out.begin_object();
  out.member("type", "section");
  out.key("text");
  out.begin_object();
  out.member("type", "mrkdwn");
  text_member(out, "text", shortened(text, 2900));
  out.end_object();
  out.end_object();
}

/// A run of text in which Teams sees no markup.
void teams_text(JsonWriter& out, std::string_view text, std::string_view weight, std::string_view colour) {
  out.begin_object();
  out.member("type", "RichTextBlock");
  out.key("inlines");
  out.begin_array();
  out.begin_object();
  out.member("type", "TextRun");
  out.member("text", text);
  out.member("weight", weight);
  out.member("color", colour);
  out.end_object();
  out.end_array();
  out.end_object();
}

std::string_view teams_colour(const Alert& alert) {
  if (ends_incident(alert)) return "good";
  switch (alert.severity) {
    case AlertSeverity::info:
      return "accent";
    case AlertSeverity::warning:
      return "warning";
    case AlertSeverity::error:
    case AlertSeverity::critical:
      break;
  }
  return "attention";
}

void details(JsonWriter& out, const Alert& alert) {
  out.begin_object();
  text_member(out, "detail", alert.detail);
  text_member(out, "hint", alert.hint);
  for (const auto& [name, value] : particulars(alert)) text_member(out, name, value);
  out.end_object();
}

std::string_view opsgenie_priority(AlertSeverity severity) {
  switch (severity) {
    case AlertSeverity::info:
      return "P5";
    case AlertSeverity::warning:
      return "P3";
    case AlertSeverity::error:
      return "P2";
    case AlertSeverity::critical:
      break;
  }
  return "P1";
}

}  // namespace

std::string json_body(const Alert& alert) { return encode_alert(alert); }

std::string slack_body(const Alert& alert) {
  JsonWriter out;
  out.begin_object();
  text_member(out, "text", shortened(slack_text(title(alert) + ": " + alert.summary), 2900));
  out.key("blocks");
  out.begin_array();
  slack_section(out, fmt::format("*{}*\n{}", slack_text(title(alert)), slack_text(alert.summary)));
  if (!alert.detail.empty()) slack_section(out, slack_text(alert.detail));
  if (!alert.hint.empty()) slack_section(out, "*what to do*: " + slack_text(alert.hint));
  std::string line;
  for (const auto& [name, value] : particulars(alert))
    line += fmt::format("{}{}: {}", line.empty() ? "" : " · ", name, slack_text(value));
  out.begin_object();
  out.member("type", "context");
  out.key("elements");
  out.begin_array();
  out.begin_object();
  out.member("type", "mrkdwn");
  text_member(out, "text", shortened(line, 1900));
  out.end_object();
  out.end_array();
  out.end_object();
  out.end_array();
  out.end_object();
  return out.take();
}

std::string teams_body(const Alert& alert) {
  JsonWriter out;
  out.begin_object();
  out.member("type", "message");
  out.key("attachments");
  out.begin_array();
  out.begin_object();
  out.member("contentType", "application/vnd.microsoft.card.adaptive");
  out.key("content");
  out.begin_object();
  out.member("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
  out.member("type", "AdaptiveCard");
  out.member("version", "1.4");
  out.key("body");
  out.begin_array();
  teams_text(out, title(alert), "bolder", teams_colour(alert));
  teams_text(out, alert.summary, "default", "default");
  if (!alert.detail.empty()) teams_text(out, alert.detail, "default", "default");
  if (!alert.hint.empty()) teams_text(out, "what to do: " + alert.hint, "default", "default");
  for (const auto& [name, value] : particulars(alert))
    teams_text(out, fmt::format("{}: {}", name, value), "lighter", "default");
  out.end_array();
  out.end_object();
  out.end_object();
  out.end_array();
  out.end_object();
  return out.take();
}

std::string pagerduty_body(const Alert& alert) {
  JsonWriter out;
  out.begin_object();
  out.member("event_action", ends_incident(alert) ? "resolve" : "trigger");
  text_member(out, "dedup_key", alert.dedup_key);
  out.key("payload");
  out.begin_object();
  text_member(out, "summary", shortened(fmt::format("{}: {}", to_string(alert.kind), alert.summary), 1024));
  text_member(out, "source", alert.trunk.empty() ? "trunkform" : alert.trunk);
  out.member("severity", to_string(alert.severity));
  out.member("timestamp", alert.time);
  text_member(out, "component", alert.address);
  text_member(out, "group", alert.organisation);
  out.member("class", to_string(alert.kind));
  out.key("custom_details");
  details(out, alert);
  out.end_object();
  out.member("client", "trunkform");
  out.end_object();
  return out.take();
}

std::string opsgenie_body(const Alert& alert) {
  JsonWriter out;
  out.begin_object();
  if (ends_incident(alert)) {
    out.member("source", "trunkform");
    text_member(out, "note", shortened(alert.summary, 20000));
  } else {
    text_member(out, "message", shortened(fmt::format("{}: {}", to_string(alert.kind), alert.summary), 130));
    text_member(out, "alias", alert.dedup_key);
    text_member(out, "description",
                shortened(fmt::format("{}\n{}\n{}", alert.summary, alert.detail, alert.hint), 15000));
    out.member("priority", opsgenie_priority(alert.severity));
    out.member("source", "trunkform");
    text_member(out, "entity", shortened(alert.trunk, 512));
    out.key("tags");
    out.begin_array();
    out.value("trunkform");
    out.value(to_string(alert.kind));
    out.end_array();
    out.key("details");
    details(out, alert);
  }
  out.end_object();
  return out.take();
}

std::string opsgenie_path(const Alert& alert) {
  return ends_incident(alert) ? fmt::format("/{}/close?identifierType=alias", cloud::percent_encoded(alert.dedup_key))
                              : std::string();
}

}  // namespace trunkform::notify
