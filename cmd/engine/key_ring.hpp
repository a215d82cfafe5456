#pragma once
// The keys of a run. Each distinct (source, version, chain as sent) is fetched once, judged before the first PATCH,
// and wiped as soon as the last trunk that needs it is done. Thread-safe.
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "cmd/engine/sources.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/key_pair.hpp"

namespace trunkform::engine {

class KeyRing {
 public:
  KeyRing(Sources& sources, const Clock& clock);
  ~KeyRing();

  /// Leaves and keys that were revoked from here, whatever a list of their issuer says by now.
  void refuse(std::set<Fingerprint> revoked) { m_revoked = std::move(revoked); }

  /// Fetches and judges the pair of a change that writes: the chain must be the planned one, the key must match, no
  /// rule may block. Errors: conflict (`stale_offer`), rejected (a rule), whatever the source says.
  Result<std::shared_ptr<const KeyPair>> pair_for(const Context& context, const PlannedChange& change);

  /// The pair for going back to what `record` says was on the trunk before. Errors: not_found where the source no
  /// longer has it, rejected where it has expired or a rule blocks it (`older_than_live` does not count).
  Result<std::shared_ptr<const KeyPair>> pair_for_rollback(const Context& context, const Binding& binding,
                                                           const HistoryEntry& earlier);

  /// How many changes still need the pair of this one; at zero it is wiped.
  void expect(const PlannedChange& change);
  void done_with(const PlannedChange& change);

 private:
  struct Prepared;
  struct Held {
    std::shared_ptr<Prepared> prepared;
    std::size_t wanted = 0;
  };
  /// Source, version, chain as sent: two carriers of one source may be sent different chains.
  using RingKey = std::tuple<Locator, std::string, Fingerprint>;

  Sources& m_sources;
  const Clock& m_clock;
  std::mutex m_mutex;
  std::map<RingKey, Held> m_held;
  std::set<Fingerprint> m_revoked;

  static RingKey key_of(const PlannedChange& change);
  Result<std::shared_ptr<Prepared>> prepare(const Context& context, const Binding& binding, const Locator& locator,
                                            const VersionId& version);
  /// What the source offers now, where that is the leaf that is looked for: somebody put it back, as another version.
  Result<std::shared_ptr<Prepared>> prepare_offered(const Context& context, const Binding& binding,
                                                    const Locator& locator, const Fingerprint& leaf);
  Result<> judge(Prepared& prepared, const Binding& binding);
};

}  // namespace trunkform::engine
