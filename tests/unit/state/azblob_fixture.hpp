#pragma once
// An engine of Azure Blob Storage over a container in memory, and what may happen to a request on its way.
#include <functional>
#include <utility>

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/random.hpp"
#include "state/backends/azblob/engine.hpp"
#include "tests/support/memory_container.hpp"
#include "tests/unit/state/state_fixture.hpp"

namespace trunkform::testing {

/// Does something before the next write of its own reaches the container: a request that is under way for long.
class SlowBlobs final : public BlobStore {
 public:
  explicit SlowBlobs(std::shared_ptr<BlobStore> inner) : m_inner(std::move(inner)) {}
  std::function<void(const std::string& name)> before_write;
  std::function<Result<std::string>()> again;  ///< the last blob that was put, as it would arrive a second time

  std::string place() const override { return m_inner->place(); }
  Result<std::optional<StoredBlob>> get(const Context& context, const std::string& name) override {
    return m_inner->get(context, name);
  }
  Result<std::optional<std::string>> get_from(const Context& context, const std::string& name,
                                              std::uint64_t offset) override {
    return m_inner->get_from(context, name, offset);
  }
  Result<std::optional<BlobFacts>> look(const Context& context, const std::string& name,
                                        const std::string& lease) override {
    return m_inner->look(context, name, lease);
  }
  Result<std::string> put(const Context& context, const std::string& name, const std::string& bytes,
                          const BlobNotes& notes, const WriteCondition& condition, const std::string& lease) override {
    act(name);
    again = [=, this] { return m_inner->put({}, name, bytes, notes, condition, lease); };
    return m_inner->put(context, name, bytes, notes, condition, lease);
  }
  Result<> put_notes(const Context& context, const std::string& name, const BlobNotes& notes,
                     const std::string& lease) override {
    return m_inner->put_notes(context, name, notes, lease);
  }
  Result<> remove(const Context& context, const std::string& name, const WriteCondition& condition,
                  const std::string& lease) override {
    return m_inner->remove(context, name, condition, lease);
  }
  Result<BlobPage> list(const Context& context, const std::string& prefix, const std::string& next, int most) override {
    return m_inner->list(context, prefix, next, most);
  }
  Result<> lease(const Context& context, const std::string& name, const std::string& id, Duration duration) override {
    return m_inner->lease(context, name, id, duration);
  }
  Result<> renew_lease(const Context& context, const std::string& name, const std::string& id) override {
    return m_inner->renew_lease(context, name, id);
  }
  Result<> release_lease(const Context& context, const std::string& name, const std::string& id) override {
    return m_inner->release_lease(context, name, id);
  }
  Result<> create_log(const Context& context, const std::string& name, const BlobNotes& notes) override {
    act(name);
    return m_inner->create_log(context, name, notes);
  }
  Result<std::uint64_t> append(const Context& context, const std::string& name, std::uint64_t offset,
                               const std::string& bytes) override {
    act(name);
    return m_inner->append(context, name, offset, bytes);
  }
  Result<Instant> now(const Context& context, const std::string& name) override { return m_inner->now(context, name); }

 private:
  std::shared_ptr<BlobStore> m_inner;

  void act(const std::string& name) {
    if (auto now = std::exchange(before_write, nullptr)) now(name);
  }
};

struct BlobBench {
  MemoryContainer container;
  platform::SimulatedClock clock{at(0)};
  platform::SeededRandom random{1};
  Context context;
  state::azblob::Settings settings{};

  std::unique_ptr<state::Engine> open(const std::string& workspace = "default") {
    return open(open_memory_container(container), workspace);
  }
  std::unique_ptr<state::Engine> open(std::shared_ptr<BlobStore> store, const std::string& workspace = "default") {
    return state::azblob::open_engine(settings, workspace, std::move(store), clock, random);
  }
  std::vector<std::string> names(const std::string& within = "") {
    std::vector<std::string> all;
    for (const auto& [name, blob] : container.blobs)
      if (name.find(within) != std::string::npos) all.push_back(name);
    return all;
  }
  MemoryContainer::Blob& state_blob() { return container.blobs.at("trunkform/workspaces/default/state"); }
  std::vector<std::string> lines() {
    const auto events = open()->events(context, 0);
    REQUIRE(events);
    return events->lines;
  }
};

}  // namespace trunkform::testing
