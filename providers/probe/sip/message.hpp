#pragma once
// SIP messages by libosip2: the one request that is sent, and the answers to it. Thread-safe.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::probe {

struct OptionsRequest {
  std::string host;  ///< of the trunk
  int port = 5061;
  std::string local_address;  ///< `192.0.2.1:40000`, for Via and Contact
  std::string branch;         ///< unique; the magic cookie is added
  std::string tag;
  std::string call_id;
};

/// OPTIONS (RFC 3261 §11) with `sips:` URIs throughout (§8.1.1.8; docs/decisions/0180). Error: invalid_input where the
/// host is none.
Result<std::string> options_message(const OptionsRequest& request);

struct SipAnswer {
  int status =
      0;  ///< 0: no answer but a request of the peer's own, as it may send on any connection; the rest is empty
  std::string call_id;
  std::string method;  ///< of CSeq
};

/// Error: protocol.
Result<SipAnswer> parse_answer(std::string_view text);

/// The whole length of the first message in `bytes`, by its Content-Length (RFC 3261 §18.3); none while its head is not
/// complete. Keep-alive line ends before it are counted in. Error: protocol (no length, or one beyond `limit`).
Result<std::optional<std::size_t>> message_length(std::string_view bytes, std::size_t limit);

}  // namespace trunkform::probe
