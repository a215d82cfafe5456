#include "tests/support/memory_container.hpp"

#include <functional>

namespace trunkform::testing {
namespace {

using Blob = MemoryContainer::Blob;

Error unmet() { return Error(ErrorCode::conflict, "the condition did not hold"); }
Error another_lease() { return Error(ErrorCode::fenced, "the lease is another's, or there is none"); }
Error no_such_blob() { return Error(ErrorCode::not_found, "there is no such blob"); }

class Container final : public BlobStore {
 public:
  explicit Container(MemoryContainer& container) : m_container(container) {}

  std::string place() const override { return "memory/container"; }
  Result<std::optional<StoredBlob>> get(const Context&, const std::string& name) override {
    const std::scoped_lock guard(m_container.mutex);
    const auto* blob = find(name);
    if (blob == nullptr) return std::optional<StoredBlob>();
    return std::optional(StoredBlob{facts(*blob), blob->bytes});
  }
  Result<std::optional<std::string>> get_from(const Context&, const std::string& name, std::uint64_t offset) override {
    const std::scoped_lock guard(m_container.mutex);
    const auto* blob = find(name);
    if (blob == nullptr) return std::optional<std::string>();
    return std::optional(offset < blob->bytes.size() ? blob->bytes.substr(offset) : std::string());
  }
  Result<std::optional<BlobFacts>> look(const Context&, const std::string& name, const std::string& lease) override {
    const std::scoped_lock guard(m_container.mutex);
    const auto* blob = find(name);
    if (blob == nullptr) return std::optional<BlobFacts>();
    if (!lease.empty() && keeps() && !has_lease(*blob, lease)) return another_lease();
    return std::optional(facts(*blob));
  }
  Result<std::string> put(const Context&, const std::string& name, const std::string& bytes, const BlobNotes& notes,
                          const WriteCondition& condition, const std::string& lease) override {
    return written<std::string>([&]() -> Result<std::string> {
      const auto* found = find(name);
      if (!holds(found, condition)) return unmet();
      if (found != nullptr && !may_change(*found, lease)) return another_lease();
      auto& blob = m_container.blobs[name];
      blob.bytes = bytes;
      blob.notes = notes;
      return fresh(blob);
    });
  }
  Result<> put_notes(const Context&, const std::string& name, const BlobNotes& notes,
                     const std::string& lease) override {
    const std::scoped_lock guard(m_container.mutex);
    auto* blob = find(name);
    if (blob == nullptr) return no_such_blob();
    if (!may_change(*blob, lease)) return another_lease();
    blob->notes = notes;
    fresh(*blob);
    return {};
  }
  Result<> remove(const Context&, const std::string& name, const WriteCondition& condition,
                  const std::string& lease) override {
    const std::scoped_lock guard(m_container.mutex);
    const auto* blob = find(name);
    if (blob == nullptr) return {};
    if (!holds(blob, condition)) return unmet();
    if (!may_change(*blob, lease)) return another_lease();
    m_container.blobs.erase(name);
    return {};
  }
  /// Pages of two, whatever is asked for: Azure may give fewer than that, too.
  Result<BlobPage> list(const Context&, const std::string& prefix, const std::string& next, int) override {
    const std::scoped_lock guard(m_container.mutex);
    BlobPage page;
    for (auto at = m_container.blobs.lower_bound(prefix); at != m_container.blobs.end(); ++at) {
      if (!at->first.starts_with(prefix)) break;
      if (at->first < next) continue;
      if (page.blobs.size() == 2) {
        page.next = at->first;
        break;
      }
      page.blobs.push_back({at->first, at->second.bytes.size()});
    }
    return page;
  }

  Result<> lease(const Context&, const std::string& name, const std::string& id, Duration duration) override {
    const std::scoped_lock guard(m_container.mutex);
    auto* blob = find(name);
    if (blob == nullptr) return no_such_blob();
    if (keeps() && is_leased(*blob) && blob->lease != id) return Error(ErrorCode::lock_held, "it is leased");
    blob->lease = id;
    blob->lease_ends = m_container.now + duration;
    m_duration = duration;
    return {};
  }
  Result<> renew_lease(const Context&, const std::string& name, const std::string& id) override {
    const std::scoped_lock guard(m_container.mutex);
    auto* blob = find(name);
    if (blob == nullptr || !has_lease(*blob, id)) return another_lease();
    blob->lease_ends = m_container.now + m_duration;
    return {};
  }
  Result<> release_lease(const Context&, const std::string& name, const std::string& id) override {
    return done([&]() -> Result<> {
      auto* blob = find(name);
      if (blob == nullptr || !has_lease(*blob, id)) return another_lease();
      blob->lease.clear();
      return {};
    });
  }

  Result<> create_log(const Context&, const std::string& name, const BlobNotes& notes) override {
    return done([&]() -> Result<> {
      if (find(name) != nullptr && keeps()) return unmet();
      auto& blob = m_container.blobs[name];
      blob.notes = notes;
      fresh(blob);
      return {};
    });
  }
  Result<std::uint64_t> append(const Context&, const std::string& name, std::uint64_t offset,
                               const std::string& bytes) override {
    return written<std::uint64_t>([&]() -> Result<std::uint64_t> {
      auto* blob = find(name);
      if (blob == nullptr) return no_such_blob();
      if (keeps() && blob->bytes.size() != offset) return unmet();
      blob->bytes += bytes;
      fresh(*blob);
      return ++blob->appends;
    });
  }
  Result<Instant> now(const Context&, const std::string&) override {
    const std::scoped_lock guard(m_container.mutex);
    return m_container.now;
  }

 private:
  MemoryContainer& m_container;
  Duration m_duration{};

  bool keeps() const { return m_container.conditions == MemoryContainer::Conditions::kept; }
  Blob* find(const std::string& name) {
    const auto found = m_container.blobs.find(name);
    return found == m_container.blobs.end() ? nullptr : &found->second;
  }
  bool is_leased(const Blob& blob) const { return !blob.lease.empty() && m_container.now < blob.lease_ends; }
  bool has_lease(const Blob& blob, const std::string& id) const { return is_leased(blob) && blob.lease == id; }
  bool may_change(const Blob& blob, const std::string& lease) const {
    return !keeps() || (lease.empty() ? !is_leased(blob) : has_lease(blob, lease));
  }
  bool holds(const Blob* blob, const WriteCondition& condition) const {
    if (!keeps() || condition.kind == WriteCondition::Kind::none) return true;
    if (condition.kind == WriteCondition::Kind::absent) return blob == nullptr;
    return blob != nullptr && std::to_string(blob->etag) == condition.etag;
  }
  BlobFacts facts(const Blob& blob) const {
    return {std::to_string(blob.etag), blob.notes, is_leased(blob), blob.bytes.size()};
  }
  std::string fresh(Blob& blob) { return std::to_string(blob.etag = ++m_container.writes); }

  template <class T>
  Result<T> written(const std::function<Result<T>()>& write) {
    const std::scoped_lock guard(m_container.mutex);
    using Answer = MemoryContainer::Answer;
    auto answer = Answer::comes;
    if (!m_container.answers.empty()) {
      answer = m_container.answers.front();
      m_container.answers.pop_front();
    }
    const Error lost(ErrorCode::outcome_unknown, "the answer was lost");
    if (answer == Answer::lost_before_the_write) return lost;
    auto first = write();
    if (answer == Answer::lost_after_the_write) return lost;
    return answer == Answer::sent_twice ? write() : first;
  }
  Result<> done(const std::function<Result<>()>& write) {
    TRY(written<bool>([&]() -> Result<bool> {
      TRY(write());
      return true;
    }));
    return {};
  }
};

}  // namespace

std::shared_ptr<BlobStore> open_memory_container(MemoryContainer& container) {
  return std::make_shared<Container>(container);
}

}  // namespace trunkform::testing
