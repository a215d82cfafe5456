#pragma once
// What the rows of the kit share.
#include <catch2/catch.hpp>

#include "tests/support/backend_kit/backend_kit.hpp"
#include "tests/unit/state/state_fixture.hpp"

namespace trunkform::testing::kit {

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(to_line(result.error()));
  return std::move(*result);
}
inline void must(Result<> result) {
  if (!result) FAIL(to_line(result.error()));
}
template <class T>
void must_fail(const Result<T>& result, ErrorCode code) {
  REQUIRE_FALSE(result);
  INFO(to_line(result.error()));
  CHECK(result.error().code == code);
}

/// One process that writes to the state.
class Writer {
 public:
  explicit Writer(BackendBench& bench, const std::string& workspace = k_default_workspace)
      : backend(bench.open(workspace)), m_id("lock-" + std::to_string(++s_locks) + "-" + workspace) {}

  const std::string& lock_id() const { return m_id; }
  void lock() { lease = must(backend.lock->acquire(context, lock_info(m_id))); }
  void unlock() { must(backend.lock->release(context, std::move(lease))); }
  StateToken token() {
    const auto snapshot = must(backend.store->load(context));
    return snapshot ? snapshot->token : StateToken{"5b0ad1c4-7e0c-4c8e-9a53-0a1f6d0c2b11", 0};
  }
  Result<Sequence> record(std::vector<EventBody> bodies) {
    std::vector<Event> events;
    for (auto& body : bodies) events.push_back(event_of(0, std::move(body)));
    return backend.log->append(context, lease.fence, TRY(backend.log->read(context, 0)).last + 1, events);
  }
  Result<StateToken> bind(const std::string& name, const std::string& chain) {
    StateDelta delta;
    delta.upserts = {record_of(name, chain)};
    return backend.store->commit(context, lease.fence, token(), delta);
  }
  StateDocument document() {
    const auto snapshot = must(backend.store->load(context));
    return snapshot ? snapshot->document : StateDocument{};
  }

  state::Backend backend;
  Context context;
  Lease lease;

 private:
  static inline std::atomic<int> s_locks = 0;
  std::string m_id;
};

/// One of the backends, with its place.
struct Asked {
  BackendKind kind = GENERATE(from_range(backend_kinds()));
  std::unique_ptr<BackendBench> bench = kind.make();
  BackendCapabilities can = bench->open().store->capabilities();
};

}  // namespace trunkform::testing::kit

namespace trunkform {
/// For messages of the sections.
inline std::ostream& operator<<(std::ostream& out, const testing::BackendKind& kind) { return out << kind.name; }
}  // namespace trunkform
