#pragma once
// What `trunkform verify` found, and how it says so to people and programs.
#include <string>
#include <vector>

#include "cmd/trunkform/run_command.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/event.hpp"
#include "schemas/model/state.hpp"

namespace trunkform::cli {

/// One address of the state, and what was seen of it. Borrows both.
struct VerifiedAddress {
  const ResourceRecord* record = nullptr;
  const Binding* binding = nullptr;  ///< null: no longer configured
  const Intent* open = nullptr;      ///< of an apply that was interrupted, or is at work
  std::string at_work;               ///< who runs it now, for people; empty: nobody
  CheckResult accepted;
  CheckResult served;
  /// What the API showed of it; and whether the port, as far as it answered, presented somebody else's leaf.
  enum class Shown { as_recorded, another, nobody_knows } shown = Shown::nobody_knows;
  bool serves_another = false;

  CheckVerdict verdict() const;
  /// Whether what the port served says anything of the certificate that is recorded: not where another one is bound,
  /// nor where nobody knows what is bound and the port presents another one.
  bool is_about_ours() const {
    return shown == Shown::as_recorded || (shown == Shown::nobody_knows && !serves_another);
  }
};
using VerifiedAddresses = std::vector<VerifiedAddress>;

std::size_t count_of(const VerifiedAddresses& all, CheckVerdict verdict);

/// The document of `-json`.
std::string verify_json(Frame& frame, const VerifiedAddresses& all, const std::vector<Diagnostic>& diagnostics);
/// One address, three lines.
std::string verified_text(const VerifiedAddress& one, const views::TextStyle& style);
/// The counts, and what to do about them.
std::string verified_summary(const VerifiedAddresses& all);

}  // namespace trunkform::cli
