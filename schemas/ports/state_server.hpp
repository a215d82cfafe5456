#pragma once
// A server of Terraform's HTTP state protocol: an address of each workspace, with one document and one lock. It has no
// condition but the lock, and nobody can ask who has that: whoever is refused it is told. Thread-safe.
//
// Errors: denied, throttled, unavailable, rejected, unsupported (it has no such method), protocol, cancelled, timeout.
// A write whose answer was lost is outcome_unknown.
#include <optional>
#include <string>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform {

enum class StateAddresses { one, of_each_workspace };

/// What came of asking for the lock.
struct LockAnswer {
  bool is_taken = false;
  std::string holder;  ///< where it is not: Terraform's lock info of who has it, as the server gave it; may be empty
};

class StateServer {
 public:
  virtual ~StateServer() = default;
  virtual StateAddresses addresses() const = 0;
  /// For messages: `gitlab.example.com/api/v4/projects/7/terraform/state/sip`. Never a secret.
  virtual std::string place(const std::string& workspace) const = 0;
  /// None: there is no document.
  virtual Result<std::optional<std::string>> get(const Context& context, const std::string& workspace) = 0;
  /// In place of what is there. Errors: fenced (another has the lock, or nobody), conflict (a serial that was there).
  virtual Result<> put(const Context& context, const std::string& workspace, const std::string& bytes,
                       const std::string& lock_id) = 0;
  /// Done where nothing is there. Error: fenced.
  virtual Result<> remove(const Context& context, const std::string& workspace, const std::string& lock_id) = 0;
  /// `info`: Terraform's lock info, all of its fields. Asked again after an answer that was lost: who has the lock
  /// under this id already is told so by `holder`.
  virtual Result<LockAnswer> lock(const Context& context, const std::string& workspace, const std::string& info) = 0;
  /// Error: fenced, where it is not this one's.
  virtual Result<> unlock(const Context& context, const std::string& workspace, const std::string& info) = 0;
  /// By the server's own clock, to the second.
  virtual Result<Instant> now(const Context& context, const std::string& workspace) = 0;
};

}  // namespace trunkform
