#pragma once
// The event log in append blobs, as it is written. An append names how long the blob is, and who takes the lock writes
// a last line into the one before: what an earlier holder still has under way then names a length that is gone. Not
// thread-safe.
#include "state/backends/azblob/blobs.hpp"
#include "state/backends/azblob/event_blobs.hpp"
#include "state/backends/azblob/layout.hpp"

namespace trunkform::state::azblob {

class EventWriter {
 public:
  /// Borrows both. `most_appends`: after so many a run begins another blob; Azure takes 50,000.
  EventWriter(Blobs& blobs, const Layout& layout, std::uint64_t most_appends)
      : m_blobs(blobs), m_layout(layout), m_most_appends(most_appends) {}

  /// For who has just taken the lock: closes what an earlier holder may still want to append to.
  Result<> take_over(const Context& context, const std::string& generation, const std::string& lock_id);
  /// Asked again after an answer that was lost it does it once. Errors: fenced, outcome_unknown.
  Result<> append(const Context& context, const std::string& generation, const std::string& lock_id,
                  const EventBatch& batch);
  void forget() { m_own.reset(); }

 private:
  Blobs& m_blobs;
  const Layout& m_layout;
  const std::uint64_t m_most_appends;

  struct Own {
    std::string lock_id;
    std::string generation;
    std::string newest;   ///< the last blob of the log, which nobody else appends to any more; empty: there was none
    std::string current;  ///< ours; empty: not begun yet
    std::uint64_t size = 0;
    std::uint64_t appends = 0;
    std::string unknown{};  ///< what was appended there last, where its answer was lost
  };
  std::optional<Own> m_own;

  Result<std::optional<ListedBlob>> newest(const Context& context, const std::string& generation);
  Result<bool> close(const Context& context, const ListedBlob& blob, const std::string& lock_id);
  Result<Own> join(const Context& context, const std::string& generation, const std::string& lock_id,
                   const EventBatch& batch);
  Result<bool> find_out(const Context& context, Own& own);
  Result<> begin(const Context& context, Own& own, Sequence first);
};

}  // namespace trunkform::state::azblob
