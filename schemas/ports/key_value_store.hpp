#pragma once
// Keys with values in one order, as etcd has them: each change of the store has a revision of its own, several changes
// are one step that depends on conditions, and keys may end with a lease. Reads see what was written last. Thread-safe.
//
// Errors beside those named: denied, throttled, unavailable, rejected, protocol, io (no room left), cancelled, timeout.
// A write whose answer was lost is outcome_unknown.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

/// Counts the changes of a whole store, and only grows. 0: never.
using Revision = std::int64_t;
/// Of a store; 0: none.
using LeaseId = std::int64_t;

struct KeyValue {
  std::string key;
  std::string value;
  Revision created = 0;  ///< since when it is there without a break
  Revision changed = 0;
  LeaseId lease = 0;
};

/// Keys from `first` to before `end`, in the order of their bytes. An empty `end`: `first` alone.
struct KeyRange {
  std::string first;
  std::string end{};
};
/// All keys that begin with `prefix`.
KeyRange keys_beneath(const std::string& prefix);

enum class KeyOrder { ascending, descending };

struct KeyPage {
  std::vector<KeyValue> found;
  bool more = false;      ///< behind the last of `found`
  Revision revision = 0;  ///< of the store, as it was read
};

/// What must hold of one key; 0: that it is not there.
struct KeyCondition {
  enum class Of { created, changed };
  std::string key;
  Of of = Of::created;
  Revision is = 0;
};

/// Of several in one step no two may be about the same key.
struct KeyChange {
  enum class Kind { put, remove };
  Kind kind = Kind::put;
  KeyRange keys;        ///< of a put: one key
  std::string value{};  ///< of a put
  LeaseId lease = 0;    ///< of a put: the key ends with it
};
KeyChange put_key(std::string key, std::string value, LeaseId lease = 0);
KeyChange remove_keys(KeyRange keys);

struct Transaction {
  std::vector<KeyCondition> when;
  std::vector<KeyChange> then;
};

class KeyValueStore {
 public:
  virtual ~KeyValueStore() = default;
  /// For messages: `etcd-1.example.com:2379`. Never a secret.
  virtual std::string place() const = 0;

  /// At most `most` keys. `at`: of an earlier page, so that all pages show one moment; 0: as they are now. Error:
  /// conflict, where the store does not know that moment any more.
  virtual Result<KeyPage> read(const Context& context, const KeyRange& range, int most, Revision at = 0,
                               KeyOrder order = KeyOrder::ascending) = 0;
  /// All of it in one step, where all conditions hold: the store's revision since. None: one of them does not hold.
  /// Error: rejected, where it is more than the store takes in one step.
  virtual Result<std::optional<Revision>> transact(const Context& context, const Transaction& transaction) = 0;

  /// One that ends so long after its last renewal, by the store's own clock. To the second.
  virtual Result<LeaseId> grant(const Context& context, Duration time_to_live) = 0;
  /// Error: not_found, where it has ended.
  virtual Result<> keep_alive(const Context& context, LeaseId lease) = 0;
  /// Its keys are gone with it. Done where it has ended.
  virtual Result<> revoke(const Context& context, LeaseId lease) = 0;

  /// By the clock of whoever answers, to the second. Error: unsupported, where nobody tells the time.
  virtual Result<Instant> now(const Context& context) = 0;
};

}  // namespace trunkform
