#pragma once
// The objects of a state: each with its first line (envelope.hpp), and conditional writes that are not taken for lost
// where it was our own that was there first. Thread-safe.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/object_store.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::state::s3 {

struct SeenObject {
  Result<std::string> content;  ///< errors: corrupt, unsupported
  std::string etag;
};

class Objects {
 public:
  /// `clock` and `random` are borrowed.
  Objects(std::shared_ptr<ObjectStore> store, Clock& clock, Random& random)
      : m_store(std::move(store)), m_clock(clock), m_random(random) {}

  Result<std::optional<SeenObject>> get(const Context& context, const std::string& key);
  Result<std::optional<SeenObject>> get_version(const Context& context, const std::string& key, const std::string& id);
  /// The ETag of what was written. Errors: conflict, outcome_unknown.
  Result<std::string> put(const Context& context, const std::string& key, const std::string& content,
                          const WriteCondition& condition);
  /// The same, and what became of a lost answer is found out here.
  Result<std::string> put_surely(const Context& context, const std::string& key, const std::string& content,
                                 const WriteCondition& condition);
  /// Each key beneath `prefix`, until `use` says that it is enough.
  enum class Go { on, no_further };
  Result<> each_key(const Context& context, const std::string& prefix,
                    const std::function<Result<Go>(const std::string& key)>& use);

  std::string fresh_id() { return m_random.uuid(); }
  ObjectStore& store() { return *m_store; }

 private:
  std::shared_ptr<ObjectStore> m_store;
  Clock& m_clock;
  Random& m_random;

  Result<std::string> put_bytes(const Context& context, const std::string& key, const std::string& bytes,
                                const WriteCondition& condition);
};

}  // namespace trunkform::state::s3
