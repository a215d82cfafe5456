#include "state/backends/etcd/keys.hpp"

#include <iterator>

#include "state/remote/epoch.hpp"

namespace trunkform::state::etcd {
namespace {

/// So many keys at once, of some KB each.
constexpr int k_page = 500;
constexpr int k_rounds = 10;

// etcd takes 128 changes (--max-txn-ops) and 1.5 MiB (--max-request-bytes) in one step; what is left is for a
// condition, for a change that goes along with a portion, and for what the wire adds.
constexpr std::size_t k_most_changes = 120;
constexpr std::size_t k_most_bytes = 1'000'000;
constexpr std::size_t k_bytes_of_a_change = 64;

std::size_t size_of(const std::vector<KeyChange>& changes) {
  std::size_t bytes = 0;
  for (const auto& change : changes)
    bytes += change.keys.first.size() + change.keys.end.size() + change.value.size() + k_bytes_of_a_change;
  return bytes;
}

/// False: the moment is forgotten.
Result<bool> read_pages(const Context& context, KeyValueStore& store, const KeyRange& range,
                        const std::function<void(KeyValue&)>& use) {
  auto rest = range;
  Revision at = 0;
  for (bool more = true; more;) {
    auto page = store.read(context, rest, k_page, at);
    if (!page && page.error().code == ErrorCode::conflict && at != 0) return false;
    if (!page) return std::move(page.error());
    for (auto& found : page->found) {
      rest.first = found.key;
      use(found);
    }
    rest.first += '\0';
    at = page->revision;
    more = page->more && !page->found.empty();
  }
  return true;
}

}  // namespace

Result<std::optional<KeyValue>> read_key(const Context& context, KeyValueStore& store, const std::string& key) {
  auto page = TRY(store.read(context, {key}, 1));
  return page.found.empty() ? std::nullopt : std::optional(std::move(page.found.front()));
}

Result<> each_key(const Context& context, KeyValueStore& store, const KeyRange& range,
                  const std::function<void()>& begin, const std::function<void(KeyValue&)>& use) {
  for (int round = 0; round < k_rounds; ++round) {
    begin();
    if (TRY(read_pages(context, store, range, use))) return {};
  }
  return Error(ErrorCode::unavailable, "etcd forgets revisions faster than they can be read",
               "its history is compacted while the state is read, again and again")
      .hint("let it keep some minutes of history: --auto-compaction-retention");
}

Result<bool> transact_surely(const Context& context, KeyValueStore& store, Clock& clock,
                             const Transaction& transaction) {
  bool is_done = false;
  TRY(until_known(
      context, clock,
      [&]() -> Result<> {
        is_done = TRY(store.transact(context, transaction)).has_value();
        return {};
      },
      []() -> Result<bool> { return false; }));
  return is_done;
}

void Portions::add(std::vector<KeyChange> together) {
  const auto bytes = size_of(together);
  const bool fits = !m_portions.empty() && m_portions.back().size() + together.size() <= k_most_changes &&
                    m_bytes + bytes <= k_most_bytes;
  if (!fits) {
    m_portions.emplace_back();
    m_bytes = 0;
  }
  m_bytes += bytes;
  std::move(together.begin(), together.end(), std::back_inserter(m_portions.back()));
}

}  // namespace trunkform::state::etcd
