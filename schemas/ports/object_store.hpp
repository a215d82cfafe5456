#pragma once
// Objects in a bucket: each is read, written and removed whole, by its key. A write may name what it must find. Reads
// and lists see what was written last. Thread-safe.
//
// Errors beside those named: denied, throttled, unavailable, rejected, protocol, cancelled, timeout; not_found where
// there is no such bucket. A write whose answer was lost is outcome_unknown.
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

struct StoredObject {
  std::string bytes;
  std::string etag;  ///< what a later write may name; the same bytes may have the same one
};

/// What a write must find under its key.
struct WriteCondition {
  enum class Kind { none, absent, unchanged };
  Kind kind = Kind::none;
  std::string etag{};  ///< of `unchanged`
  static WriteCondition absent() { return {Kind::absent}; }
  static WriteCondition unchanged(std::string etag) { return {Kind::unchanged, std::move(etag)}; }
};

/// One of the forms that a store keeps of an object.
struct ObjectVersion {
  std::string id;
  Instant written{};
  bool is_latest = false;
  bool is_removal = false;  ///< from here on it was not there
};

struct ObjectKeys {
  std::vector<std::string> keys;  ///< in the order of their bytes
  bool more = false;              ///< there are others after them
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  /// For messages: `s3.eu-central-1.amazonaws.com/ops-state`.
  virtual std::string place() const = 0;
  /// None: there is no such object.
  virtual Result<std::optional<StoredObject>> get(const Context& context, const std::string& key) = 0;
  /// The ETag of what was written. Error: conflict, where the condition did not hold.
  virtual Result<std::string> put(const Context& context, const std::string& key, const std::string& bytes,
                                  const WriteCondition& condition) = 0;
  /// Done where it is not there.
  virtual Result<> remove(const Context& context, const std::string& key) = 0;
  /// Keys that begin with `prefix` and come after `after` (empty: all of them), at most `most` (1 to 1000).
  virtual Result<ObjectKeys> list(const Context& context, const std::string& prefix, const std::string& after,
                                  int most) = 0;
  /// The newest first, at most `most` (1 to 1000). A store that keeps none has the one in use.
  virtual Result<std::vector<ObjectVersion>> versions(const Context& context, const std::string& key, int most) = 0;
  /// None: there is no such version, or it is a removal.
  virtual Result<std::optional<StoredObject>> get_version(const Context& context, const std::string& key,
                                                          const std::string& id) = 0;
  /// By the store's own clock, to the second: it is asked for `key`, which need not be there.
  virtual Result<Instant> now(const Context& context, const std::string& key) = 0;
};

}  // namespace trunkform
