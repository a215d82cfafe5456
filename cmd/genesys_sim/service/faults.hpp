#pragma once
// What goes wrong, where, when and how often. Declared by knobs, picked by the Service for each request. Values.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/genesys_sim/service/message.hpp"
#include "cmd/genesys_sim/service/operation.hpp"

namespace trunkform::sim {

enum class Effect {
  too_many_requests,  ///< 429
  error,              ///< `status`, 503 where none is given
  conflict,           ///< 409 general.conflict
  version_mismatch,   ///< 400 whose message says it does not match the current version
  unauthorized,       ///< 401; the token that was used is revoked
  oauth_rate_limit,   ///< OAuth's own: 400 invalid_request
  reset,              ///< the connection is reset, no answer
  silence,            ///< nothing is ever answered
  torn,               ///< whole length announced, `bytes` of the body sent, then closed or reset
  slow,               ///< `first_byte`, then `chunk` bytes each `pause`
  html,               ///< an HTML page with `status`, 200 where none is given
  not_json,           ///< 200, application/json, and no JSON
  wrong_json,         ///< 200, JSON of another shape
  cut_json,           ///< half of the right JSON, with a length that fits the half
  redirect,           ///< 302 to `location`
  repeat_page,        ///< a listing page other than the first shows the first again
  edits_only,         ///< nothing but `edits`
};

/// Relative to the commit: `before` means that the operation is not carried out.
enum class When { before, after };

/// How a 429 says until when.
enum class RetryHint { seconds, date, none };

/// An edit by somebody else, out of band.
struct Edit {
  enum class Kind { bind, remove, recreate, rename, status, create, unbind };
  Kind kind = Kind::bind;
  std::string trunk;        ///< id or name
  std::string text;         ///< the new name or status
  std::string certificate;  ///< PEM, of `bind`
  std::string private_key;  ///< PEM, of `bind`
};

struct Fault {
  std::uint64_t id = 0;
  Effect effect = Effect::error;
  When when = When::before;
  // Scope: all that are set must match.
  std::optional<Operation> operation;
  std::string method;
  std::string trunk;  ///< id or name
  // How often.
  std::uint64_t skip = 0;              ///< the first matches that pass
  std::uint64_t every = 1;             ///< then each nth
  std::optional<std::uint64_t> times;  ///< at most
  std::optional<Instant> until;
  // Detail of the effect.
  int status = 0;
  Duration retry_after = std::chrono::seconds(7);
  RetryHint hint = RetryHint::seconds;
  Ending ending = Ending::close;
  std::size_t bytes = 0;
  Duration first_byte{};
  std::size_t chunk = 0;
  Duration pause{};
  std::string location = "https://elsewhere.invalid/";
  std::vector<Edit> edits;  ///< carried out just before the effect
  // Counted by FaultList.
  std::uint64_t seen = 0;
  std::uint64_t fired = 0;
};

/// What a fault's scope is compared with.
struct FaultSubject {
  Operation operation = Operation::unknown;
  std::string method;
  std::string trunk_id;
  std::string trunk_name;
};

class FaultList {
 public:
  std::uint64_t add(Fault fault);
  void clear() { m_faults.clear(); }
  /// Those that fire for this request, in order of declaration: all `edits_only`, and at most one other.
  std::vector<Fault> pick(const FaultSubject& subject, Instant now);
  const std::vector<Fault>& items() const { return m_faults; }

 private:
  std::vector<Fault> m_faults;
  std::uint64_t m_next = 1;
};

}  // namespace trunkform::sim
