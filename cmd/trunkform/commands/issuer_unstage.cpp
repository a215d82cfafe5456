#include <algorithm>
#include <ostream>

#include <fmt/format.h>

#include "cmd/trunkform/approval.hpp"
#include "cmd/trunkform/commands/commands.hpp"
#include "cmd/trunkform/issuing_access.hpp"
#include "cmd/trunkform/planning_flow.hpp"
#include "cmd/trunkform/run_command.hpp"
#include "cmd/trunkform/state_change.hpp"
#include "cmd/trunkform/views/text_style.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::cli {
namespace {

/// What the key was staged for, and when. The key itself is not kept.
struct Staged {
  std::string request;
  Instant since{};
};

Result<std::optional<Staged>> staged_in(const Context& context, SecretStore& store) {
  const auto staged = TRY(store.staged(context));
  return staged ? std::optional(Staged{staged->request, staged->since}) : std::nullopt;
}

/// A store keeps the request alone. Whose it was, this state's log knows where it was one of its own.
Result<std::string> who_staged(Frame& frame, const std::string& request) {
  const auto events = TRY(TRY(frame.session.backend())->log->read(frame.session.context(), 0)).events;
  const auto begun = std::find_if(events.begin(), events.end(), [&](const Event& event) {
    const auto* body = std::get_if<IssueBegun>(&event.body);
    return body != nullptr && body->issue.request == request;
  });
  if (begun == events.end())
    return std::string("nobody whom this state knows: a run of another state, or of one that was lost");
  return fmt::format("{}, for {}; this state goes on with that request no more", views::escape_foreign(begun->actor),
                     std::get<IssueBegun>(begun->body).address);
}

Result<> is_not_our_own(const std::optional<Snapshot>& state, const IssueRequest& request, const Staged& staged) {
  if (!state) return {};
  for (const auto& [address, record] : state->document.issues)
    if (record.open && record.open->request == staged.request)
      return Error(ErrorCode::conflict, "this key is staged for a request of this state, which is open",
                   fmt::format("{} asked for it on {}", address, to_rfc3339(record.open->since)))
          .of(request.address)
          .hint("go on with it: trunkform apply")
          .hint(fmt::format("or give it up first: trunkform state rm {}", shell_word(address)));
  return {};
}

Result<ExitCode> unstage(Frame& frame) {
  auto& [world, arguments, session, reporter] = frame;
  if (!TRY(load_configuration(session, reporter))) return ExitCode::error;
  const auto* request = TRY(configured_request(session, arguments.positionals().front()));
  auto* store = TRY(TRY(session.issuing_places())->store_to_clear(session.context(), request->store));
  const auto place = TRY(store->place(session.context()));
  const auto staged = TRY(staged_in(session.context(), *store));
  if (!staged) {
    reporter.message(fmt::format("No key is staged in {}; nothing is to be removed.", views::escape_foreign(place)));
    return ExitCode::done;
  }
  TRY(is_not_our_own(TRY(session.read_state()).snapshot, *request, *staged));
  world.streams.out << fmt::format("{}\n  store    {}\n  staged   {}, {} ago\n  request  {}\n  by       {}\n",
                                   request->address, views::escape_foreign(place), to_rfc3339(staged->since),
                                   to_words(world.clock.now() - staged->since), views::escape_foreign(staged->request),
                                   TRY(who_staged(frame, staged->request)));
  if (!arguments.on("auto-approve") &&
      !TRY(ask_for_approval(world, reporter,
                            "Do you want to have this key removed? Where its run is still alive, two certificates may "
                            "be issued, and one of them is for nothing."))) {
    reporter.message("Cancelled; the key stays where it is.");
    return ExitCode::error;
  }
  // Under the lock, so that no apply of this state stages its own in between.
  TRY(change_state(frame, "issuer unstage",
                   [&](const std::optional<Snapshot>& state, const Fence&) -> Result<std::vector<EventBody>> {
                     TRY(is_not_our_own(state, *request, *staged));
                     TRY(store->unstage(session.context(), staged->request));
                     return std::vector<EventBody>{IssueUnstaged{request->address, staged->request, staged->since}};
                   }));
  world.streams.out << "\nRemoved. Nothing keeps the next run from issuing: trunkform apply\n";
  return ExitCode::done;
}

}  // namespace

Command issuer_unstage_command() {
  return {
      {"issuer", "unstage"},
      "remove a key that another run has staged in a store",
      "A run stages its key before it asks an issuer, and until it has ended no other run issues that certificate. "
      "A run that died is waited for a day; this ends the wait. A request that this state has open is not touched.",
      flags::join(
          {{{"auto-approve", FlagKind::toggle, "do not ask"}, flags::lock_timeout(), flags::input(), flags::no_color()},
           flags::variables()}),
      {{"ADDR", "certificate.issued.NAME", 1, 1}},
      framed(unstage)};
}

}  // namespace trunkform::cli
