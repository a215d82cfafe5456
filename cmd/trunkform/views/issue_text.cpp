#include "cmd/trunkform/views/issue_text.hpp"

#include <fmt/format.h>

#include "cmd/trunkform/views/certificate_rows.hpp"
#include "cmd/trunkform/views/reason_text.hpp"
#include "planner/issuing/programs.hpp"

namespace trunkform::views {
namespace {

template <class... Parts>
std::string row(std::string_view label, fmt::format_string<Parts...> format, Parts&&... parts) {
  return fmt::format("    {} {}\n", fit(std::string(label), 9), fmt::format(format, std::forward<Parts>(parts)...));
}

template <class... Parts>
std::string fact(std::string_view label, fmt::format_string<Parts...> format, Parts&&... parts) {
  return fmt::format("  {} {}\n", fit(std::string(label), 10), fmt::format(format, std::forward<Parts>(parts)...));
}

std::string joined_names(const std::vector<std::string>& names) {
  return escape_foreign(fmt::format("{}", fmt::join(names, ", ")));
}

std::string request_rows(const PlannedIssue& issue) {
  const auto& request = issue.request;
  auto key = std::string(to_string(request.key));
  if (request.reuse_key) key += ", the one before where it fits (reuse_key)";
  std::string text = row("names", "{}", joined_names(request.names));
  text += row("key", "{}", key);
  if (request.lifetime) text += row("lifetime", "{}", to_string(*request.lifetime));
  if (!request.profile.empty()) text += row("profile", "{}", escape_foreign(request.profile));
  text += row("issuer", "{}  {}", request.issuer_address, escape_foreign(to_string(request.issuer)));
  if (const auto line = issuing::hook_line(request.issuer); !line.empty())
    text += row("runs", "{}", escape_foreign(line));
  text += row("store", "{}  {}", request.store_address, escape_foreign(to_string(request.store)));
  return text;
}

std::string certificate_row(const PlannedIssue& issue, Instant now, const TextStyle& style) {
  const auto* to_come = "(known after apply)";
  if (issue.before == nullptr) return row("leaf", "{}", to_come);
  const auto& leaf = issue.before->leaf();
  return row("leaf", "{} → {}", to_short(leaf.fingerprint), to_come) +
         row("ends", "{} → {}", style.faint(expiry_text(leaf.not_after, now)), to_come);
}

/// Nothing is done, and something is to be known; what went wrong is told as an error.
std::string text_of_what_stays(const PlannedIssue& issue, const TextStyle& style) {
  if (issue.error || issue.notes.empty()) return {};
  auto text = fmt::format("  {}\n", style.bold(fmt::format("# {} stays as it is", issue.request.address)));
  for (const auto& note : issue.notes) text += row("note", "{}", escape_foreign(note));
  return text + "\n";
}

}  // namespace

std::string issue_reason(const PlannedIssue& issue, Instant now) {
  switch (issue.cause) {
    case IssueCause::resumed:
      return "resumed: a request was begun, and has no end yet";
    case IssueCause::forced:
      return "forced: -replace";
    case IssueCause::first:
      return "first: the store has no certificate";
    case IssueCause::names_changed:
      return fmt::format("names_changed: the certificate before is for {}",
                         issue.before == nullptr ? "others" : names_text(issue.before->leaf()));
    case IssueCause::key_changed:
      return fmt::format("key_changed: the certificate before has {}",
                         issue.before == nullptr ? "another key" : describe(issue.before->leaf().key));
    case IssueCause::issuer_changed:
      return "issuer_changed: the block names another signer than the certificate before had";
    case IssueCause::revoked:
      return "revoked: the certificate before was revoked from here";
    case IssueCause::due:
      return fmt::format("renew: due since {}", issue.renews_on ? to_date(*issue.renews_on) : "now");
    case IssueCause::none:
      break;
  }
  return issue.renews_on ? fmt::format("not due before {}", expiry_text(*issue.renews_on, now))
                         : "nothing is to be done";
}

std::string issue_text(const PlannedIssue& issue, Instant now, const TextStyle& style) {
  if (!issue.issues()) return text_of_what_stays(issue, style);
  const bool is_first = issue.before == nullptr;
  auto text = fmt::format(
      "  {}\n", style.bold(fmt::format("# {} will be {}", issue.request.address, is_first ? "issued" : "renewed")));
  text += fmt::format("  {} reason    {}\n", is_first ? style.green("+") : style.yellow("~"), issue_reason(issue, now));
  text += request_rows(issue);
  text += certificate_row(issue, now, style);
  for (const auto& note : issue.notes) text += row("note", "{}", escape_foreign(note));
  return text + "\n";
}

std::string leftover_text(const PlannedLeftover& leftover, const TextStyle& style) {
  auto text = fmt::format(
      "  {}\n", style.bold(fmt::format("# {} {}", leftover.address,
                                       leftover.is_gone ? "will be forgotten" : "stays as it is, and is tidied up")));
  if (leftover.is_gone)
    text += fmt::format("  {} reason    removed: no block has this name any more\n", style.faint("."));
  if (leftover.since)
    text += row("note", "a request of {} is given up, {}; its key is removed from {}",
                to_rfc3339(std::chrono::floor<std::chrono::seconds>(*leftover.since)),
                leftover.is_gone ? "whose block is gone" : "which was for something else",
                escape_foreign(leftover.staged_in));
  if (!leftover.order.empty())
    text += row("note", "its order is left to lapse at the issuer: {}", escape_foreign(leftover.order));
  if (leftover.is_gone) text += row("note", "the certificates in its store stay there");
  return text + "\n";
}

std::string issue_record_text(const IssueRecord& record, const TextStyle& style, Instant now) {
  auto text = fmt::format("{}\n", style.bold("# " + record.address));
  if (record.last) {
    const auto& leaf = record.last->chain->leaf();
    text += fact("leaf", "{}", to_short(leaf.fingerprint)) + fact("names", "{}", names_text(leaf)) +
            fact("ends", "{}", expiry_text(leaf.not_after, now)) +
            fact("issued", "{} into {}", to_rfc3339(std::chrono::floor<std::chrono::seconds>(record.last->at)),
                 escape_foreign(to_string(record.last->store)));
  }
  if (record.open)
    text += fact("open", "asked for on {}{}; the next apply goes on with it",
                 to_rfc3339(std::chrono::floor<std::chrono::seconds>(record.open->since)),
                 record.open->order.empty() ? "" : ", ordered: " + escape_foreign(record.open->order));
  if (record.amiss)
    text +=
        fact("amiss", "on {} the issuer signed something else: {}",
             to_rfc3339(std::chrono::floor<std::chrono::seconds>(record.amiss->at)), escape_foreign(record.amiss->why));
  return text;
}

}  // namespace trunkform::views
