#pragma once
// What every backend of a state keeps to. The rows follow from its capabilities: unit tests ask them of the local
// backend and of an engine in memory, tests/integration of real servers. A new backend gives a bench and gets the rows.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "state/backends/backend.hpp"

namespace trunkform::testing {

/// One place, empty at first.
class BackendBench {
 public:
  virtual ~BackendBench() = default;
  /// As another process sees it, with connections of its own.
  virtual state::Backend open(const std::string& workspace = k_default_workspace) = 0;

  enum class Lost { request, answer };
  /// Loses the next write's request, or the answer to it. False: nothing can be lost here.
  virtual bool lose_next(Lost) { return false; }
  /// Whether that has happened since.
  virtual bool has_lost() { return false; }
  /// The lock is taken from its holder by somebody with the rights to do so: a row removed, a lease revoked, a file
  /// replaced. False: nobody can.
  virtual bool take_lock_away(const std::string& /*workspace*/) { return false; }
  /// So much time passes at the engine without a renewal that a lock of a dead run has run out. False: none does.
  virtual bool let_lock_run_out() { return false; }
  /// All bytes that it keeps, as they lie there. Empty: they cannot be looked at.
  virtual std::string holdings() { return {}; }
};

struct BackendKind {
  std::string name;
  std::function<std::unique_ptr<BackendBench>()> make;
};
/// Those that are to be asked: each program that has the kit says its own.
std::vector<BackendKind> backend_kinds();

}  // namespace trunkform::testing
