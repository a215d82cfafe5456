#include "state/backends/copy_state.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "schemas/codec/event_codec.hpp"
#include "schemas/codec/state_codec.hpp"
#include "state/document/ownership.hpp"

namespace trunkform::state {
namespace {

/// As many events as one write takes.
constexpr std::size_t k_batch = 500;

bool is_of_the_run(const Event& event) { return !std::holds_alternative<EpochOpened>(event.body); }

constexpr std::string_view k_why = "init -migrate-state";

/// What a copy leaves that was killed before its document was written.
bool says_copied(const Event& event) {
  const auto* replaced = std::get_if<StateReplaced>(&event.body);
  return replaced != nullptr && replaced->why == k_why;
}

/// The epochs of a log are its own.
Result<std::vector<Event>> history(const Context& context, EventLog& log) {
  auto events = TRY(log.read(context, 0)).events;
  std::erase_if(events, [](const Event& event) { return !is_of_the_run(event); });
  return events;
}

/// What an event says wherever it stands.
std::string said_by(Event event) {
  event.sequence = 0;
  event.previous = {};
  return encode_event(event);
}

/// What a document says whichever log it was folded from.
std::string said_by(StateDocument document) {
  document.serial = 0;
  document.folded_through = 0;
  for (auto& [address, sequence] : document.open_intents) sequence = 0;
  return encode_state(document);
}

Error another_state(std::string why) {
  return Error(ErrorCode::conflict, "there is another state already where this one is to go", std::move(why))
      .hint("look at it: trunkform init -reconfigure, then trunkform state list")
      .hint("nothing was copied over it; both states are as they were");
}

/// Error: conflict. False: there is nothing yet, or what a copy that was cut short has left.
Result<bool> is_there(const StateDocument& source, const std::optional<Snapshot>& there) {
  const bool is_written = there && there->token.serial > 0;  // else it is a fold of events alone
  if (!is_written) return false;
  if (there->document.lineage != source.lineage)
    return another_state("its lineage is " + there->document.lineage + ", the one to copy is " + source.lineage);
  if (there->document.serial > source.serial) return true;
  return another_state("it is this one, as it was at serial " + std::to_string(there->document.serial) +
                       ", and the one to copy has gone on since, to serial " + std::to_string(source.serial));
}

Result<> claim_all(const Context& context, Ownership& ownership, const Fence& fence, const StateDocument& source) {
  if (!source.organisation) return {};
  std::vector<TrunkKey> keys;
  keys.reserve(source.resources.size());
  for (const auto& [address, record] : source.resources) keys.push_back({source.organisation->id, record.trunk_id});
  const auto refused = TRY(ownership.claim(context, fence, keys));
  if (refused.empty()) return {};
  return owned_by_workspace(refused.front().key.trunk, refused.front().owner);
}

}  // namespace

Result<CopiedState> copy_state(const Context& context, Backend& from, Backend& to, const Fence& fence,
                               const Copying& copying) {
  const auto source = TRY(from.store->load(context));
  if (!source) return CopiedState{};
  const auto there = TRY(to.store->load(context));
  if (TRY(is_there(source->document, there)))
    return CopiedState{CopiedState::How::was_copied, there->document.serial, there->document.resources.size(), 0};
  if (to.ownership) TRY(claim_all(context, *to.ownership, fence, source->document));

  auto events = TRY(history(context, *from.log));
  auto known = TRY(history(context, *to.log));
  while (known.size() > events.size() && says_copied(known.back())) known.pop_back();
  const bool is_beginning = known.size() <= events.size() &&
                            std::equal(known.begin(), known.end(), events.begin(),
                                       [](const auto& a, const auto& b) { return said_by(a) == said_by(b); });
  if (!is_beginning) return another_state("its event log has events that the one to copy has not");
  const auto copied = events.size() - known.size();
  events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(known.size()));
  Event replaced;
  replaced.time = copying.clock.now();
  replaced.run = copying.run;
  replaced.actor = to_string(copying.actor);
  replaced.body = StateReplaced{source->document.serial + 1, std::string(k_why)};
  events.push_back(std::move(replaced));
  auto last = TRY(to.log->read(context, k_only_the_end)).last;
  for (std::size_t begin = 0; begin < events.size(); begin += k_batch) {
    const auto batch = std::span(events).subspan(begin, std::min(k_batch, events.size() - begin));
    last = TRY(to.log->append(context, fence, last + 1, batch));
  }

  auto document = source->document;
  document.serial = source->document.serial + 1;
  document.folded_through = last;
  TRY(to.store->replace(context, fence,
                        StateToken{there ? there->token.lineage : document.lineage, there ? there->token.serial : 0},
                        document));
  const auto written = TRY(to.store->load(context));
  if (!written || said_by(written->document) != said_by(source->document))
    return Error(ErrorCode::corrupt, "the copy does not say what the state says",
                 "it was written and read back, and differs; the state that was copied is as it was")
        .hint("please report this; go on with the state as it was: set the backend back to what it was");
  return CopiedState{CopiedState::How::copied, document.serial, document.resources.size(), copied};
}

}  // namespace trunkform::state
