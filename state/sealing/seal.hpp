#pragma once
// What lies between a state and where it is kept: records go out encrypted and come in opened, or pass as they are
// where the configuration has no key. Every backend has one, so that each refuses what is not as it should be: an
// encrypted record where there is no key, one in the clear where there is. Byte by byte, and what is vouched for:
// docs/formats/encryption.md; why like this: docs/decisions/0396. Thread-safe.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "schemas/model/state.hpp"
#include "schemas/ports/random.hpp"
#include "state/sealing/data_keys.hpp"

namespace trunkform::state {

/// Whether a record was not opened because of what the configuration says, and not because of what it is.
bool is_refused(const Error& error);

/// Texts beside document and log. What all workspaces share is sealed for no workspace.
inline constexpr std::string_view k_owners_text = "owners";
inline constexpr std::string_view k_pacing_text = "pacing";
inline constexpr std::string_view k_alerts_text = "alerts";
inline constexpr std::string_view k_plan_text = "trunkform plan";

class Seal {
 public:
  /// `keys`: null, where nothing is encrypted. `random` is borrowed.
  Seal(std::shared_ptr<const StateKeys> keys, Random& random, std::string workspace)
      : m_operators(std::move(keys)),
        m_keys(m_operators, random),
        m_text_keys(m_operators, random),
        m_random(random),
        m_workspace(std::move(workspace)) {}

  /// Another, of the same place and key, that has seen nothing yet: for what is read beside the state in use.
  std::unique_ptr<Seal> apart() const { return std::make_unique<Seal>(m_operators, m_random, m_workspace); }

  bool encrypts() const { return m_operators != nullptr; }
  /// Whether the log may need keys that only the document has, and that was not opened yet.
  bool lacks_document() const;
  /// Whether something in the clear was read and let pass: what is written in its place is encrypted.
  bool saw_plain() const;

  /// A document as it is kept → as it is meant. Errors: corrupt (changed, or of another place), denied (no key, or
  /// another one), untrusted (in the clear); the operator's key's.
  Result<StateDocument> open(StateDocument stored);
  Result<StateDocument> seal(const StateDocument& document);
  /// An event's line, without its newline. Errors: the same. What is no event passes: who decodes it tells.
  Result<std::string> open_line(std::string_view line);
  Result<std::string> seal_line(std::string_view line);
  /// The same of several, each with its newline.
  Result<std::string> seal_lines(std::string lines);
  Result<std::string> open_text(std::string_view kind, const std::string& text);
  Result<std::string> seal_text(std::string_view kind, const std::string& text);
  /// From now on what is written is under the operator's current key alone, and, where `fresh`, under a new data key.
  /// For who holds the lock, has loaded the document and writes it next.
  Result<> rekey(DataKeys::Fresh fresh);

 private:
  struct Row {
    std::string key;      ///< of the data key
    Fingerprint content;  ///< of the row in the clear
    std::string box;
  };
  std::shared_ptr<const StateKeys> m_operators;
  mutable std::mutex m_mutex;
  DataKeys m_keys;
  DataKeys m_text_keys;  ///< of what all workspaces share: no key of one of them
  Random& m_random;
  const std::string m_workspace;
  std::map<std::string, Row> m_rows;  ///< as last opened or sealed: what did not change keeps its box
  std::uint64_t m_clear_through = 0;
  bool m_has_document = false;
  bool m_saw_plain = false;

  bool accepts_plain() const { return m_operators->plain != StateKeys::Plain::refused; }
  bool writes_plain() const { return !encrypts() || (m_operators->plain == StateKeys::Plain::kept && m_saw_plain); }
  std::string salt();
  Result<std::string> box(DataKeys& keys, const std::string& key, std::string_view plain, const std::string& vouched);
  static Result<std::string> opened(DataKeys& keys, const std::string& key, std::string_view box,
                                    const std::string& vouched);
  /// Of a record that may have its key, wrapped, beside it: what does not open leaves no key behind.
  static Result<std::string> opened(DataKeys& keys, const std::string& key, const std::string& wrapped,
                                    std::string_view box, const std::string& vouched);
  std::string vouched_for(std::string_view kind) const;
  Result<> open_rows(const StateDocument& stored, StateDocument& document);
  Result<std::string> row_id(const std::string& key, const std::string& address);
};

}  // namespace trunkform::state
