#include "cmd/trunkform/views/apply_view.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>

#include <fmt/format.h>

namespace trunkform::views {
namespace {

template <class... Handlers>
struct EventHandlers : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
EventHandlers(Handlers...) -> EventHandlers<Handlers...>;

std::string short_leaf(const std::optional<Identity>& identity) {
  return identity ? to_short(identity->leaf) : std::string("nothing");
}

/// A chain that is repaired keeps its leaf: then the chains are what differs.
std::string binding_text(const Intent& intent) {
  const auto& to = intent.record.chain->identity;
  if (!intent.from || intent.from->leaf != to.leaf)
    return fmt::format("binding {} in place of {}", to_short(to.leaf), short_leaf(intent.from));
  return fmt::format("binding {} with chain {} in place of {}", to_short(to.leaf), to_short(to.chain),
                     to_short(intent.from->chain));
}

std::string check_text(std::string_view name, const CheckResult& check, const TextStyle& style) {
  if (check.verdict == CheckVerdict::not_configured) return {};
  const auto word = check.verdict == CheckVerdict::pass   ? style.green("pass")
                    : check.verdict == CheckVerdict::fail ? style.red("fail")
                                                          : style.yellow("inconclusive");
  return fmt::format("\n    {}: {}, {}", name, word, escape_foreign(check.evidence));
}

std::string outcome_text(const Outcome& outcome, const TextStyle& style) {
  const bool good = outcome.kind == OutcomeKind::committed && !outcome.verification.failed();
  auto text = good ? style.green("done") : style.red(to_string(outcome.kind));
  if (!outcome.message.empty()) text += ": " + escape_foreign(outcome.message);
  return text + check_text("accepted", outcome.verification.accepted, style) +
         check_text("served", outcome.verification.served, style);
}

/// What has to end before the next step, short enough to stand behind the time.
std::string wait_text(const rollout::Rollout& machine, const rollout::Wait& wait) {
  using For = rollout::Wait::For;
  const auto carrier = wait.lane.empty() ? std::string("trunks without a carrier")
                                         : fmt::format("carrier {}", escape_foreign(wait.lane));
  switch (wait.why) {
    case For::stagger:
      return fmt::format("stagger of {}", carrier);
    case For::soak:
      return fmt::format("soak of {}", carrier);
    case For::pace:
      return fmt::format("{} {} taken by {}", carrier, wait.lane.empty() ? "are" : "is", escape_foreign(wait.who));
    case For::opening:
      break;
  }
  const auto& why_later = machine.tasks()[*wait.trunk].why_later;
  return why_later ? escape_foreign(why_later(wait.until)) : std::string("its time has not come");
}

}  // namespace

std::string event_text(const Event& event, const TextStyle& style) {
  const auto at = [&](const Address& address, const std::string& text) {
    return fmt::format("{}: {}", style.bold(escape_foreign(to_string(address))), text);
  };
  const auto named = [&](const std::string& address, const std::string& text) {
    return fmt::format("{}: {}", style.bold(address), text);
  };
  return std::visit(
      EventHandlers{
          [&](const Intent& e) { return at(e.address, binding_text(e)); },
          [&](const Patched& e) {
            return at(e.address, e.read_back ? "the answer was lost; read back: bound" : "PATCH accepted");
          },
          [&](const Outcome& e) { return at(e.address, outcome_text(e, style)); },
          [&](const Probed& e) {
            if (e.verification.settled.verdict == CheckVerdict::not_configured) {
              if (!event.plan.empty()) return std::string();
              return at(e.address, "looked at" + check_text("accepted", e.verification.accepted, style) +
                                       check_text("served", e.verification.served, style));
            }
            return at(e.address, "end of the soak" + check_text("settled", e.verification.settled, style));
          },
          [&](const Deferred& e) {
            return at(e.address, style.yellow("deferred until " +
                                              to_rfc3339(std::chrono::ceil<std::chrono::seconds>(e.not_before))));
          },
          [&](const Adopted& e) {
            return at(e.record.address, fmt::format("{} {}", e.imported ? "imported" : "recorded",
                                                    to_short(e.record.chain->identity.leaf)));
          },
          [&](const Forgotten& e) { return at(e.address, "forgotten; the trunk keeps its certificate"); },
          [&](const Moved& e) { return at(e.to, "was " + to_string(e.from)); },
          [&](const IssueBegun& e) {
            return named(e.address, fmt::format("a key is made, and a certificate for {} asked for",
                                                escape_foreign(fmt::format("{}", fmt::join(e.issue.names, ", ")))));
          },
          [&](const IssueOrdered& e) {
            if (!e.certificates_pem.empty()) return named(e.address, "signed");
            return e.order.empty() ? std::string() : named(e.address, "ordered: " + escape_foreign(e.order));
          },
          [&](const IssueEnded& e) {
            if (!e.issued) return named(e.address, style.red("not issued") + ": " + escape_foreign(e.message));
            return named(e.address,
                         fmt::format("{} issued, ends {}; it is in its store", to_short(e.issued->chain->identity.leaf),
                                     to_date(e.issued->chain->leaf().not_after)));
          },
          [&](const IssueForgotten& e) { return named(e.address, "forgotten; what its store has stays there"); },
          [&](const IssueRevokeAsked& e) {
            return named(e.address, fmt::format("{} is to be revoked: {}", to_short(e.leaf), escape_foreign(e.reason)));
          },
          [&](const IssueRevokeRefused& e) {
            return named(e.address, style.red("not revoked") + ": " + escape_foreign(e.message));
          },
          [&](const IssueRevoked& e) {
            return named(e.address, fmt::format("{} revoked: {}", to_short(e.leaf), escape_foreign(e.reason)));
          },
          [&](const IssueFailed& e) {
            return named(e.address, style.red("not issued") + ": " + escape_foreign(e.message));
          },
          [&](const IssueMoved& e) { return named(e.to, "was " + e.from); },
          [&](const IssueUnstaged& e) {
            return named(e.address, fmt::format("the key that another run had staged on {} was removed by hand",
                                                to_rfc3339(std::chrono::floor<std::chrono::seconds>(e.since))));
          },
          [&](const ReplaceAsked& e) { return at(e.address, "is to be replaced, as -replace asked"); },
          [&](const ReplaceWithdrawn& e) {
            return at(e.address, "is not to be replaced any more: " + escape_foreign(e.why));
          },
          [&](const auto&) { return std::string(); }},
      event.body);
}

ApplyView::ApplyView(std::ostream& out, TextStyle style, LiveLine live, const Clock& clock, int columns)
    : m_out(out),
      m_style(style),
      m_live(live),
      m_clock(clock),
      m_columns(static_cast<std::size_t>(std::max(columns, 20))) {}

ApplyView::~ApplyView() { close(); }

void ApplyView::on_event(const Event& event) {
  const auto text = event_text(event, m_style);
  if (text.empty()) return;
  const auto time = to_rfc3339(std::chrono::floor<std::chrono::seconds>(event.time)).substr(11, 8);
  const std::scoped_lock guard(m_mutex);
  line(fmt::format("{} {}", m_style.faint(time), text));
}

void ApplyView::line(const std::string& text) {
  erase();
  m_out << text << '\n' << std::flush;
}

void ApplyView::erase() {
  if (m_drawn.empty()) return;
  m_out << "\r\x1b[2K";
  m_drawn.clear();
}

/// A log that stands still for ten minutes looks like a job that hangs.
void ApplyView::tell_long_wait(const rollout::Rollout& machine) {
  static constexpr Duration k_worth_a_line = std::chrono::seconds(20);
  const auto now = m_clock.now();
  const auto wait = machine.next_wait();
  if (!wait || wait->until == m_told_wait || wait->until - now < k_worth_a_line) return;
  const auto progress = machine.progress();
  if (progress.running > 0) return;
  m_told_wait = wait->until;
  const auto at = std::chrono::ceil<std::chrono::seconds>(wait->until);
  const std::scoped_lock guard(m_mutex);
  line(fmt::format("{} {} of {} done, {} soaking; next at {}, in {}: {}",
                   m_style.faint(to_rfc3339(std::chrono::floor<std::chrono::seconds>(now)).substr(11, 8)),
                   progress.finished, counted(progress.total, "trunk"), progress.soaking, to_rfc3339(at),
                   to_words(std::chrono::ceil<std::chrono::seconds>(wait->until - now)), wait_text(machine, *wait)));
}

void ApplyView::on_progress(const rollout::Rollout& machine) {
  if (m_live == LiveLine::off) return tell_long_wait(machine);
  const auto progress = machine.progress();
  auto text = fmt::format("{} of {} done, {} running, {} soaking", progress.finished, counted(progress.total, "trunk"),
                          progress.running, progress.soaking);
  if (const auto wait = machine.next_wait(); wait && wait->until > m_clock.now())
    text +=
        fmt::format("; next in {}: {}", to_words(std::chrono::ceil<std::chrono::seconds>(wait->until - m_clock.now())),
                    wait_text(machine, *wait));
  if (machine.stopped()) text += "; stopping: " + escape_foreign(machine.stop_reason());
  if (text_width(text) > m_columns) text = fit(text, m_columns);
  const std::scoped_lock guard(m_mutex);
  if (text == m_drawn) return;
  erase();
  m_out << m_style.cyan(text) << std::flush;
  m_drawn = text;
}

void ApplyView::close() {
  const std::scoped_lock guard(m_mutex);
  erase();
  m_out << std::flush;
}

bool is_complete(const engine::ApplySummary& summary) {
  return summary.failed + summary.rolled_back + summary.stale + summary.excluded + summary.held + summary.not_started +
                 summary.issuing.pending + summary.issuing.failed ==
             0 &&
         summary.errors.empty() && !summary.stopped;
}

std::string summary_headline(const engine::ApplySummary& summary, Operation operation, const TextStyle& style) {
  const std::string_view name = operation == Operation::destroy ? "Destroy" : "Apply";
  const auto word = is_complete(summary) ? style.green(fmt::format("{} complete!", name))
                                         : style.red(fmt::format("{} incomplete!", name));
  if (operation == Operation::refresh)
    return fmt::format("{} The plan was of -refresh-only: no trunk is touched. {}", word,
                       summary.refreshed == 0
                           ? "Nothing was written to the state; what changed outside stays as it is."
                           : fmt::format("Records brought up to date in the state: {}.", summary.refreshed));
  return operation == Operation::destroy
             ? fmt::format("{} Resources: 0 destroyed, {} forgotten.", word, summary.forgotten)
             : fmt::format("{} Resources: {} added, {} changed, 0 destroyed.", word, summary.created, summary.updated);
}

namespace {

/// Of the deferred those that have no time of their own: the run ended early (-deadline), and no event told them.
std::size_t ended_before(const engine::ApplySummary& summary) {
  if (summary.stopped) return 0;
  return static_cast<std::size_t>(
      std::count_if(summary.outcomes.begin(), summary.outcomes.end(),
                    [](const auto& outcome) { return outcome.phase == rollout::Phase::waiting; }));
}

}  // namespace

std::string apply_summary_text(const engine::ApplySummary& summary, Operation operation, const std::string& again,
                               const TextStyle& style) {
  auto text = "\n" + summary_headline(summary, operation, style) + "\n";
  const auto count = [&](std::size_t number, std::string_view what) {
    if (number > 0) text += fmt::format("  {} {}\n", number, what);
  };
  count(summary.issuing.issued,
        summary.issuing.issued == 1 ? "issued, and in its store" : "issued, and in their stores");
  count(summary.issuing.there_already, "in the store already: an earlier run, or somebody else, was first");
  count(summary.issuing.pending, fmt::format("ordered and not signed yet: run {} again", again));
  count(summary.issuing.failed, "not issued: their errors say why");
  count(summary.was_there, "had the planned certificate already");
  count(summary.settled, "bound by an earlier run: the end of the soak was seen to");
  count(summary.adopted, "adopted, without touching a trunk");
  if (operation != Operation::refresh)
    count(summary.refreshed, "brought up to date in the state alone: a trunk's name, or prevent_destroy");
  count(summary.forgotten, "forgotten; their trunks keep their certificates");
  const auto timeless = std::min(ended_before(summary), summary.deferred);
  count(summary.deferred - timeless, fmt::format("deferred: run {} again after the times above", again));
  count(timeless, fmt::format("deferred: this run ended before their turn; nothing keeps them, go on with {}", again));
  count(summary.failed, "failed");
  count(summary.rolled_back, "rolled back to the certificate before, and quarantined");
  count(summary.stale, "left alone, with nothing written: their errors say why");
  count(summary.excluded, "left out of the plan because of errors");
  auto behind_green = summary.held;
  for (const auto& [canary, number] : summary.held_behind) {
    behind_green -= number;
    count(number, fmt::format("held back: {}, the canary of their chain on their carrier, failed; they keep what they "
                              "have. Mend what failed there, or let the source offer another chain, then: {}",
                              to_string(canary), again));
  }
  count(behind_green, "held back: the green trunk of their group is not done and verified");
  count(summary.not_started, "not started");
  if (!summary.stopped && !summary.stop_reason.empty())
    text += fmt::format("{} {}\n", style.yellow("Ended early:"), escape_foreign(summary.stop_reason));
  if (summary.stopped) text += fmt::format("{} {}\n", style.red("Stopped:"), escape_foreign(summary.stop_reason));
  if (summary.stopped && summary.not_started > 0)
    text += fmt::format("  {}; {} goes on from here{}\n",
                        summary.lock_lost
                            ? "what was recorded before that counts, and a trunk that was in hand is looked at"
                            : "what was done is recorded",
                        again, summary.stop_reason == "interrupted" ? "" : " once the cause is mended");
  if (summary.created + summary.updated > 0)
    text += style.faint(
        "  Sessions that were open keep the old certificate until they reconnect; that cannot be seen from outside.\n");
  return text;
}

}  // namespace trunkform::views
