#include "tests/support/memory_bucket.hpp"

#include "schemas/codec/digest.hpp"

namespace trunkform::testing {
namespace {

class Store final : public ObjectStore {
 public:
  explicit Store(MemoryBucket& bucket) : m_bucket(bucket) {}

  std::string place() const override { return "memory/bucket"; }
  Result<std::optional<StoredObject>> get(const Context&, const std::string& key) override {
    const std::scoped_lock guard(m_bucket.mutex);
    const auto found = m_bucket.objects.find(key);
    if (found == m_bucket.objects.end()) return std::optional<StoredObject>();
    return std::optional(StoredObject{found->second, sha256_hex(found->second)});
  }
  Result<std::string> put(const Context&, const std::string& key, const std::string& bytes,
                          const WriteCondition& condition) override {
    const std::scoped_lock guard(m_bucket.mutex);
    const auto answer = m_bucket.answers.empty() ? std::nullopt : std::optional(m_bucket.answers.front());
    if (answer) m_bucket.answers.pop_front();
    using Answer = MemoryBucket::Answer;
    const Error lost(ErrorCode::outcome_unknown, "the answer was lost");
    if (answer == Answer::lost_before_the_write) return lost;
    auto written = write(key, bytes, condition);
    if (answer == Answer::lost_after_the_write) return lost;
    return answer == Answer::sent_twice ? write(key, bytes, condition) : written;
  }
  Result<> remove(const Context&, const std::string& key) override {
    const std::scoped_lock guard(m_bucket.mutex);
    if (m_bucket.objects.erase(key) == 0) return {};
    m_bucket.removed.insert(key);
    m_bucket.versions[key].push_back({{}, m_bucket.now, true});
    return {};
  }
  Result<ObjectKeys> list(const Context&, const std::string& prefix, const std::string& after, int most) override {
    const std::scoped_lock guard(m_bucket.mutex);
    ObjectKeys keys;
    for (auto at = m_bucket.objects.lower_bound(prefix); at != m_bucket.objects.end(); ++at) {
      if (!at->first.starts_with(prefix)) break;
      if (at->first <= after) continue;
      keys.more = keys.keys.size() == static_cast<std::size_t>(most);
      if (keys.more) break;
      keys.keys.push_back(at->first);
    }
    return keys;
  }
  Result<std::vector<ObjectVersion>> versions(const Context&, const std::string& key, int most) override {
    const std::scoped_lock guard(m_bucket.mutex);
    std::vector<ObjectVersion> versions;
    const auto& kept = m_bucket.versions[key];
    for (auto left = kept.size(); left > 0 && versions.size() < static_cast<std::size_t>(most); --left)
      versions.push_back(
          {"v" + std::to_string(left - 1), kept[left - 1].written, left == kept.size(), kept[left - 1].is_removal});
    return versions;
  }
  Result<std::optional<StoredObject>> get_version(const Context&, const std::string& key,
                                                  const std::string& id) override {
    const std::scoped_lock guard(m_bucket.mutex);
    const auto& kept = m_bucket.versions[key];
    for (std::size_t at = 0; at < kept.size(); ++at)
      if ("v" + std::to_string(at) == id && !kept[at].is_removal)
        return std::optional(StoredObject{kept[at].bytes, sha256_hex(kept[at].bytes)});
    return std::optional<StoredObject>();
  }
  Result<Instant> now(const Context&, const std::string&) override { return m_bucket.now; }

 private:
  MemoryBucket& m_bucket;

  Result<std::string> write(const std::string& key, const std::string& bytes, const WriteCondition& condition) {
    const auto found = m_bucket.objects.find(key);
    const bool is_there = found != m_bucket.objects.end();
    const bool is_remembered =
        m_bucket.removals == MemoryBucket::Removals::remembered && m_bucket.removed.contains(key);
    bool holds = true;
    if (condition.kind == WriteCondition::Kind::absent) holds = !is_there && !is_remembered;
    if (condition.kind == WriteCondition::Kind::unchanged)
      holds = is_there && sha256_hex(found->second) == condition.etag;
    if (!holds && m_bucket.conditions == MemoryBucket::Conditions::kept)
      return Error(ErrorCode::conflict, "the condition did not hold");
    m_bucket.objects[key] = bytes;
    m_bucket.versions[key].push_back({bytes, m_bucket.now});
    return sha256_hex(bytes);
  }
};

}  // namespace

std::shared_ptr<ObjectStore> open_memory_bucket(MemoryBucket& bucket) { return std::make_shared<Store>(bucket); }

}  // namespace trunkform::testing
