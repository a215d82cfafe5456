#pragma once
// The document of one workspace at a state server, and what its holder knows of it. Thread-safe.
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "schemas/ports/random.hpp"
#include "schemas/ports/state_server.hpp"
#include "state/backends/http/envelope.hpp"

namespace trunkform::state::http {

class HeldDocument {
 public:
  /// All borrowed but the workspace's name.
  HeldDocument(StateServer& server, std::string workspace, Random& random);

  /// Nothing is written before `hold`, and after `forget`.
  void hold(const std::string& lock_id);
  void forget();
  bool is_held_by(const std::string& lock_id);
  std::optional<std::string> held_by();

  /// Empty where there is none. What a holder reads first is what he may write over. Errors: corrupt, unsupported.
  Result<Envelope> read(const Context& context);
  using Edit = std::function<Result<>(Envelope&)>;
  /// Writes what `edit` makes of the document, where it is still what this holder saw last. Errors: `edit`'s; fenced
  /// (the lock is not this one's any more); conflict (somebody writes without having the lock); outcome_unknown.
  Result<> change(const Context& context, const std::string& lock_id, const Edit& edit);

 private:
  StateServer& m_server;
  const std::string m_workspace;
  Random& m_random;
  /// Which writes this holder knows of, by their ids.
  struct Held {
    std::string lock_id;
    std::optional<std::string> seen{};   ///< none: nothing was read yet
    std::optional<std::string> tried{};  ///< its own last one
    bool knows(const Envelope& found) const { return !seen || found.write == *seen || found.write == tried; }
  };
  std::mutex m_mutex;
  std::optional<Held> m_held;  ///< guarded by `m_mutex`

  Result<Envelope> fetch(const Context& context);
  Result<> write(const Context& context, Held& held, const Envelope& next);
};

}  // namespace trunkform::state::http
