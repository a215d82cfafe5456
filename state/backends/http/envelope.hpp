#pragma once
// The one document that a workspace is at an HTTP state server: state, events and alerts, and what the protocol wants
// to read of it. Pure. Byte by byte: docs/formats/http.md.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/event.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::state::http {

struct Envelope {
  std::uint64_t serial = 0;               ///< of the protocol: one more with each write
  std::string lineage{};                  ///< of the state; empty: none was written yet
  std::string write{};                    ///< an id of this one write; empty: nothing was ever written
  std::vector<std::string> workspaces{};  ///< that were made, besides `default`, which alone has them
  std::optional<std::string> alerts{};
  std::optional<std::string> state{};  ///< as docs/formats/state.md has it
  Sequence first_event = 1;
  std::vector<std::string> events{};  ///< without newlines, numbered from `first_event` on

  Sequence last_event() const { return events.empty() ? 0 : first_event + events.size() - 1; }
};

std::string encode_envelope(const Envelope& envelope);
/// Errors: corrupt; unsupported (a later format; or what is no document of ours, which nobody may write over).
Result<Envelope> decode_envelope(std::string_view bytes);

}  // namespace trunkform::state::http
