#pragma once
// How the service behaves, and how that is changed while it runs: one JSON document, for the flag `-knobs` and for
// `POST /_sim/knobs` alike. Every key, its values and its default: docs/simulator.md.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/genesys_sim/service/faults.hpp"
#include "cmd/genesys_sim/service/render.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::sim {

/// Settings that hold until they are changed.
struct Knobs {
  std::uint64_t requests_per_minute = 300;  ///< per token; 0: no limit
  bool limit_headers = true;                ///< `inin-ratelimit-*` on every answer
  Duration token_lifetime = std::chrono::hours(24);
  Duration read_lag{};          ///< readers see a write this much later
  Duration clock_skew{};        ///< added to `Date`
  Duration serve_delay{};       ///< SIP listeners serve a new certificate this much after its bind
  bool close_sessions = false;  ///< SIP connections made before a bind are closed by it
  RenderRules render;
  OrganisationText organisation;
};

/// What one SIP listener is told.
struct ServeOrder {
  std::string trunk;  ///< id or name; empty: all
  ServeMode mode = ServeMode::bound;
  Duration delay{};
  std::string certificate, private_key;  ///< of `wrong`; empty: the stranger's
};

/// A document of knobs, read but not yet in force. What is unset stays as it is.
struct KnobChange {
  bool clear_faults = false;
  bool expire_tokens = false;
  std::optional<std::uint64_t> requests_per_minute;
  std::optional<bool> limit_headers;
  std::optional<Duration> token_lifetime, read_lag, clock_skew, serve_delay;
  std::optional<bool> close_sessions;
  std::optional<ShowCertificate> show_certificate;
  std::optional<GiveBack> give_back;
  std::optional<std::string> organisation_id, organisation_name;
  std::optional<int> organisation_status;
  std::vector<Fault> faults;
  std::vector<Edit> edits;
  std::vector<ServeOrder> serve;
};

/// Errors: invalid_input, naming the key; an unknown key is one.
Result<KnobChange> parse_knobs(std::string_view json, Instant now);

void apply_settings(Knobs& knobs, const KnobChange& change);

std::string_view to_string(Effect effect);
std::string_view to_string(ServeMode mode);

}  // namespace trunkform::sim
