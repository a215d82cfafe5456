#pragma once
// The state document as a fold of the event log: what recovery, reading and committing share. Pure; thread-safe.
#include <map>
#include <span>
#include <vector>

#include "schemas/model/event.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::state {

/// Applies `events` after `document.folded_through`, in order; earlier ones are already in it and are passed over.
/// Serial and lineage are left alone: folding is not a write. A record in an event needs no history: it follows from
/// what the document holds. A trunk that was rolled back is quarantined for the chain that its intent meant to bind.
StateDocument fold(StateDocument document, std::span<const Event> events);

/// The same, event by event, for who would have to hold very many.
class Folding {
 public:
  explicit Folding(StateDocument document) : m_document(std::move(document)) {}
  void add(const Event& event);
  const StateDocument& document() const { return m_document; }
  StateDocument take() && { return std::move(m_document); }

 private:
  StateDocument m_document;
  std::map<Address, Identity> m_meant;  ///< the chains that intents meant to bind
};

/// The events of kind Intent that no Outcome, Adopted or Forgotten of their address closed, in order; under the name
/// that a later Moved gave them.
std::vector<Event> open_intents(std::span<const Event> events);

}  // namespace trunkform::state
