#pragma once
// Whether a carrier would take the chain that a port serves: the rules of a plan, over what came over the wire. The
// right leaf behind a chain that nobody can follow is no certificate in use (docs/decisions/0253). Thread-safe.
#include <optional>
#include <string>

#include "cmd/engine/sources.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/probe.hpp"

namespace trunkform::engine {

class ServedJudge {
 public:
  /// Borrowed: the trust stores of `sources`, the time of `clock`.
  ServedJudge(Sources& sources, const Clock& clock) : m_sources(sources), m_clock(clock) {}

  /// None: no rule blocks it, as it stands, for the binding's carrier and names. Otherwise the first that does, in
  /// words. A chain that came without its DERs is not judged. Error: invalid_input (the trust store cannot be read).
  Result<std::optional<std::string>> refusal(const ServedChain& served, const Binding& binding) const;

 private:
  Sources& m_sources;
  const Clock& m_clock;
};

}  // namespace trunkform::engine
