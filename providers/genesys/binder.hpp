#pragma once
// One bind: the PATCH, and what follows when its answer is lost or the service speaks of a version conflict. One use.
#include "providers/genesys/exchange.hpp"
#include "providers/genesys/trunk_reader.hpp"
#include "schemas/ports/trunk_api.hpp"

namespace trunkform::genesys {

/// GET of one trunk. Error: protocol also where the answer is another trunk.
Result<LiveTrunk> read_trunk(Exchange& exchange, x509::FactsCache& facts, const Context& context, const TrunkId& id);

class Binder {
 public:
  /// Borrows all of it. `from`: what is live as far as is known.
  Binder(Session& session, Exchange& exchange, x509::FactsCache& facts, const TrunkId& id, const KeyPair& pair,
         const std::optional<Identity>& from);
  Result<BindReceipt> run(const Context& context);

 private:
  /// What a read shows of a PATCH whose answer is missing.
  enum class Verdict { committed, not_committed, foreign, unclear };
  struct Found {
    Verdict verdict = Verdict::unclear;
    LiveTrunk trunk;
  };

  Verdict judge(const LiveTrunk& trunk) const;
  Result<Found> look(const Context& context);
  Result<Found> look_for(const Context& context, Duration patience);
  Result<> look_before_repeat(const Context& context);
  Error overtaken(Error lost) const;
  Result<BindReceipt> give_up(const Context& context, Error error);
  Result<BindReceipt> receipt_of(const Context& context, const CallName& name, HttpResponse answer);
  /// A receipt, an error that ends the bind, or nothing: the PATCH may be sent again.
  Result<std::optional<BindReceipt>> after_lost_answer(const Context& context, Error lost);
  Result<std::optional<BindReceipt>> after_conflict(const Context& context, Error conflict);

  Session& m_session;
  Exchange& m_exchange;
  x509::FactsCache& m_facts;
  const TrunkId& m_id;
  const KeyPair& m_pair;
  const std::optional<Identity>& m_from;
  bool m_lost = false;              ///< an answer was lost: that PATCH may still be carried out, or show late
  std::optional<LiveTrunk> m_seen;  ///< the new certificate, seen before a repetition
};

}  // namespace trunkform::genesys
