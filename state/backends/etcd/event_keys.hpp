#pragma once
// The event log: a key an event, and the number of the last one, which says how far it goes. Several events that do not
// fit into one step of etcd are there when that number is. Thread-safe.
#include <mutex>
#include <optional>
#include <string>

#include "schemas/ports/key_value_store.hpp"
#include "state/backends/etcd/layout.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state::etcd {

class EventKeys {
 public:
  /// Both are borrowed.
  EventKeys(KeyValueStore& store, const Layout& layout) : m_store(store), m_layout(layout) {}

  Result<EventBatch> after(const Context& context, Sequence number);
  Result<std::optional<EventBatch>> last(const Context& context);
  enum class Appended { done, a_condition_failed };
  /// While `lock` holds. Error: outcome_unknown.
  Result<Appended> append(const Context& context, const KeyCondition& lock, const EventBatch& batch);

 private:
  KeyValueStore& m_store;
  const Layout& m_layout;

  struct End {
    Sequence last = 0;
    Revision changed = 0;
  };
  /// The batch that was tried last, under which lock: tried again it may be there already.
  struct Tried {
    Revision lock = 0;
    Sequence first = 0;
  };
  std::mutex m_mutex;
  Tried m_tried;  ///< guarded by `m_mutex`

  Result<End> end(const Context& context);
  Result<Appended> refused(const Context& context, const EventBatch& batch, bool was_tried);
};

}  // namespace trunkform::state::etcd
