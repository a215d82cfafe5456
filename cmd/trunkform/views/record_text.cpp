#include "cmd/trunkform/views/record_text.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/views/certificate_rows.hpp"
#include "cmd/trunkform/views/reason_text.hpp"

namespace trunkform::views {

std::string record_text(const ResourceRecord& record, const TextStyle& style, Instant now) {
  std::string text = style.bold(fmt::format("# {}", to_string(record.address))) + "\n";
  const auto row = [&](std::string_view label, const std::string& value) {
    text += fmt::format("  {} {}\n", fit(label, 10), value);
  };
  row("trunk", fmt::format("{}  {}", escape_foreign(record.trunk_name), escape_foreign(record.trunk_id.value)));
  for (const auto& entry : certificate_rows(record.chain.get(), nullptr, now))
    row(entry.label, entry.text(TextStyle()));
  row("source", escape_foreign(to_string(record.locator)));
  if (record.version) row("version", escape_foreign(record.version->value));
  if (record.as_read) row("as read", fmt::format("the service gives back chain {}", to_short(record.as_read->chain)));
  row("bound", to_rfc3339(record.bound_at) + (record.plan.empty() ? "" : ", plan " + record.plan.substr(0, 8)));
  if (record.quarantine)
    row("quarantine", fmt::format("chain {} since {}: {}", to_short(record.quarantine->identity.chain),
                                  to_rfc3339(record.quarantine->since), escape_foreign(record.quarantine->reason)));
  if (record.failure)
    row("failed",
        fmt::format("since {}: {}", to_rfc3339(record.failure->since), escape_foreign(record.failure->reason)));
  if (record.look)
    row("seen", fmt::format("{} at {} by {}{}: {}", to_string(record.look->verdict),
                            to_rfc3339(std::chrono::floor<std::chrono::seconds>(record.look->at)),
                            escape_foreign(record.look->by), record.look->recorded ? " (verify -record)" : "",
                            escape_foreign(record.look->evidence)));
  if (record.prevent_destroy) row("destroy", "prevented");
  for (const auto& entry : record.history)
    row("before", fmt::format("{} until it was replaced; {}", to_short(entry.chain->identity.leaf),
                              expiry_text(entry.chain->least_not_after(), now)));
  return text;
}

std::string unfinished_text(const Intent& intent, const ResourceRecord* record, const std::string& at_work,
                            const TextStyle& style, Instant now) {
  std::string text;
  if (record == nullptr)
    text = style.bold(fmt::format("# {}", to_string(intent.address))) +
           fmt::format("\n  {} {}  {}\n", fit("trunk", 10), escape_foreign(intent.record.trunk_name),
                       escape_foreign(intent.trunk_id.value));
  const auto what = intent.record.chain == nullptr
                        ? std::string("a change")
                        : fmt::format("binding {}, which ends {}", to_short(intent.record.chain->identity.leaf),
                                      expiry_text(intent.record.chain->least_not_after(), now));
  return text + fmt::format("  {} {}: {}\n", fit("unfinished", 10), what,
                            at_work.empty() ? "a run was interrupted before its end was recorded; `trunkform apply` "
                                              "looks there first"
                                            : escape_foreign(at_work));
}

}  // namespace trunkform::views
