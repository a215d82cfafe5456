#pragma once
// The document, in a key a resource under one head. A write that fits into one step of etcd is one. A larger one puts
// its pieces first, where nobody counts them, and then moves the head: also that is one step. Thread-safe.
#include <optional>
#include <string>

#include "schemas/model/state.hpp"
#include "schemas/ports/key_value_store.hpp"
#include "state/backends/etcd/head.hpp"
#include "state/backends/etcd/keys.hpp"
#include "state/backends/etcd/layout.hpp"
#include "state/backends/etcd/pieces.hpp"

namespace trunkform::state::etcd {

class DocumentKeys {
 public:
  /// Both are borrowed.
  DocumentKeys(KeyValueStore& store, const Layout& layout) : m_store(store), m_layout(layout) {}

  /// None: nothing was ever written. Errors: corrupt, unsupported.
  Result<std::optional<StateDocument>> load(const Context& context);

  enum class Written { done, a_condition_failed };
  /// Over `before` (null: no document, or one that cannot be read), while `lock` holds. `id`: of this write, and the
  /// same when it is tried again. Errors: conflict (another document is there), outcome_unknown.
  Result<Written> write(const Context& context, const KeyCondition& lock, const StateDocument* before,
                        const StateDocument& next, const std::string& id);

 private:
  KeyValueStore& m_store;
  const Layout& m_layout;

  struct Seen {
    std::optional<Head> head;
    std::optional<Error> damage;  ///< why `head` says nothing
    Revision changed = 0;         ///< the head's
    bool is_staged = false;
  };
  struct Found {
    Seen seen;
    FoundPieces pieces{0};
  };
  static Result<> take_head(const KeyValue& found, Seen& seen);
  Result<Seen> look(const Context& context);
  Result<Found> find(const Context& context);
  Result<> must_follow(const Context& context, const Seen& seen, const StateDocument* before);
  Result<Written> put(const Context& context, const KeyCondition& lock, Revision changed, const PieceChanges& changes,
                      const Head& head);
  Result<Written> stage(const Context& context, const KeyCondition& lock, const PieceChanges& changes,
                        std::uint64_t number);
  Result<Written> sweep(const Context& context, const KeyCondition& lock);
  Result<Written> do_all(const Context& context, const KeyCondition& lock, const Portions& portions);
};

}  // namespace trunkform::state::etcd
