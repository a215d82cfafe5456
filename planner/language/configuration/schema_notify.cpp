// Who is told, and what watches over the watchers.
#include "planner/language/configuration/schema_tables.hpp"
#include "schemas/model/notify_block.hpp"

namespace trunkform::language {
namespace {

ArgumentSchema on_schema() {
  auto on = optional("on", ArgumentType::word_list, "kinds of alerts; none: all");
  on.words = alert_kinds();
  return on;
}

BlockSchema webhook_schema() {
  const WebhookSettings defaults;
  return named(
      block("notify", "an HTTP POST for each alert",
            {required("url", ArgumentType::text_or_secret, "where to; the operator must trust a host that stands here"),
             optional("template", ArgumentType::text,
                      "json, slack, teams, pagerduty, opsgenie, or a file beneath this folder", defaults.form),
             optional("secret", ArgumentType::secret, "key of the HMAC; routing key or API key"), on_schema(),
             optional("headers", ArgumentType::text_map, "more headers of the request")}),
      "webhook");
}

BlockSchema email_schema() {
  const EmailSettings defaults;
  auto smtp = block(
      "smtp", "the mail server",
      {required("host", ArgumentType::text, "its name; the operator must trust it"),
       between(1, 65535,
               optional("port", ArgumentType::integer, "465: TLS from the first byte", std::to_string(defaults.port))),
       optional("user", ArgumentType::text, "for AUTH"), optional("password", ArgumentType::secret, "for AUTH"),
       optional("starttls", ArgumentType::boolean, "whether STARTTLS is demanded; false on loopback only", "true")});
  smtp.need = Need::required;
  return named(block("notify", "a mail for each alert",
                     {required("from", ArgumentType::text, "the sender, \"trunkform <alerts@example.com>\""),
                      required("to", ArgumentType::texts, "the recipients"), on_schema()},
                     {std::move(smtp)}),
               "email");
}

BlockSchema command_schema() {
  return named(block("notify", "a program for each alert",
                     {required("command", ArgumentType::texts,
                               "its whole path and its arguments; the operator must trust "
                               "exactly these"),
                      on_schema()}),
               "command");
}

}  // namespace

std::vector<BlockSchema> notify_schemas() {
  auto textfile =
      block("metrics", "a file for Prometheus' node exporter",
            {required("path", ArgumentType::text, "NAME.prom beneath this folder, or where the operator allows")});
  textfile.subtype = "textfile";
  auto ping = block("metrics", "a heartbeat: a GET after each run that went well",
                    {required("url", ArgumentType::text_or_secret, "the operator must trust a host that stands here")});
  ping.subtype = "ping";
  return {webhook_schema(), email_schema(), command_schema(), std::move(textfile), std::move(ping)};
}

}  // namespace trunkform::language
