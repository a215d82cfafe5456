#include "tests/support/memory_key_values.hpp"

#include <algorithm>

namespace trunkform::testing {
namespace {

using KeysAnswer = MemoryKeyValues::Answer;

Error answer_lost() { return Error(ErrorCode::outcome_unknown, "the answer was lost"); }

class Keys final : public KeyValueStore {
 public:
  explicit Keys(MemoryKeyValues& values) : m_values(values) {}

  std::string place() const override { return "memory"; }

  Result<KeyPage> read(const Context&, const KeyRange& range, int most, Revision at, KeyOrder order) override {
    const std::scoped_lock guard(m_values.mutex);
    let_end();
    if (at != 0 && m_values.forgets > 0) {
      --m_values.forgets;
      return Error(ErrorCode::conflict, "the revision was compacted");
    }
    KeyPage page;
    page.revision = at != 0 ? at : m_values.revision;
    for (const auto& [key, value] : m_values.keys)
      if (is_in(range, key)) page.found.push_back(value);
    if (order == KeyOrder::descending) std::reverse(page.found.begin(), page.found.end());
    page.more = page.found.size() > static_cast<std::size_t>(most);
    if (page.more) page.found.resize(static_cast<std::size_t>(most));
    return page;
  }

  Result<std::optional<Revision>> transact(const Context&, const Transaction& transaction) override {
    const std::scoped_lock guard(m_values.mutex);
    let_end();
    ++m_values.transactions;
    auto answer = KeysAnswer::comes;
    if (!m_values.answers.empty()) {
      answer = m_values.answers.front();
      m_values.answers.pop_front();
    }
    if (answer == KeysAnswer::lost_before_the_write) return answer_lost();
    auto done = carry_out(transaction);
    if (answer == KeysAnswer::lost_after_the_write) return answer_lost();
    return done;
  }

  Result<LeaseId> grant(const Context&, Duration time_to_live) override {
    const std::scoped_lock guard(m_values.mutex);
    const auto id = ++m_values.last_lease;
    m_values.leases[id] = {m_values.now + time_to_live, time_to_live};
    return id;
  }
  Result<> keep_alive(const Context&, LeaseId lease) override {
    const std::scoped_lock guard(m_values.mutex);
    let_end();
    const auto found = m_values.leases.find(lease);
    if (found == m_values.leases.end()) return Error(ErrorCode::not_found, "the lease has ended");
    found->second.ends = m_values.now + found->second.time_to_live;
    return {};
  }
  Result<> revoke(const Context&, LeaseId lease) override {
    const std::scoped_lock guard(m_values.mutex);
    end_lease(lease);
    return {};
  }
  Result<Instant> now(const Context&) override {
    const std::scoped_lock guard(m_values.mutex);
    return m_values.now;
  }

 private:
  MemoryKeyValues& m_values;

  static bool is_in(const KeyRange& range, const std::string& key) {
    return range.end.empty() ? key == range.first : key >= range.first && key < range.end;
  }
  void end_lease(LeaseId lease) {
    std::erase_if(m_values.keys, [&](const auto& one) { return one.second.lease == lease; });
    if (auto found = m_values.leases.find(lease); found != m_values.leases.end()) found->second.ends = Instant::min();
  }
  void let_end() {
    for (auto& [id, lease] : m_values.leases)
      if (lease.ends <= m_values.now) end_lease(id);
    std::erase_if(m_values.leases, [](const auto& one) { return one.second.ends == Instant::min(); });
  }
  bool holds(const KeyCondition& condition) const {
    const auto found = m_values.keys.find(condition.key);
    if (found == m_values.keys.end()) return condition.is == 0;
    return condition.is == (condition.of == KeyCondition::Of::created ? found->second.created : found->second.changed);
  }
  /// No key is put twice, or put and removed.
  Result<> check(const Transaction& transaction) const {
    std::size_t bytes = 0;
    for (const auto& change : transaction.then) {
      bytes += change.keys.first.size() + change.value.size();
      if (change.kind != KeyChange::Kind::put) continue;
      for (const auto& other : transaction.then)
        if (&other != &change && is_in(other.keys, change.keys.first))
          return Error(ErrorCode::protocol, "duplicate key given in txn request: " + change.keys.first);
    }
    if (transaction.then.size() > m_values.most_changes || bytes > m_values.most_bytes)
      return Error(ErrorCode::rejected, "more than is taken in one step");
    return {};
  }
  Result<std::optional<Revision>> carry_out(const Transaction& transaction) {
    TRY(check(transaction));
    for (const auto& condition : transaction.when)
      if (!holds(condition)) return std::optional<Revision>();
    const auto revision = ++m_values.revision;
    for (const auto& change : transaction.then) {
      const auto& key = change.keys.first;
      if (change.kind == KeyChange::Kind::remove) {
        std::erase_if(m_values.keys, [&](const auto& one) { return is_in(change.keys, one.first); });
        continue;
      }
      auto& value = m_values.keys[key];
      const auto created = value.created != 0 ? value.created : revision;
      value = {key, change.value, created, revision, change.lease};
    }
    return std::optional(revision);
  }
};

}  // namespace

std::shared_ptr<KeyValueStore> open_memory_keys(MemoryKeyValues& values) { return std::make_shared<Keys>(values); }

}  // namespace trunkform::testing
