#pragma once
// SIP messages by libosip2: requests that are sent, and what comes back. Nothing else sees the library. Thread-safe.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/model/result.hpp"

namespace trunkform::probe {

/// One request before it is bytes. Header values and URIs are text; each is parsed, and refused where it is none.
struct SipRequest {
  std::string method;
  std::string uri;
  std::string local_address;  ///< `192.0.2.1:40000`, for Via
  std::string branch;         ///< unique for a transaction; the magic cookie is added
  std::string from, to;       ///< with their tags: `<sips:trunkform@192.0.2.1>;tag=…`
  std::string call_id;
  int sequence = 1;
  std::vector<std::string> routes;  ///< in the order of the way
  std::string contact;              ///< empty: none
  std::string sdp;                  ///< the body; empty: none
};

/// Error: invalid_input, where a part is not what it should be.
Result<std::string> request_message(const SipRequest& request);

struct OptionsRequest {
  std::string host;           ///< of the trunk
  int port = 5061;            ///< 0: none is said, where records decide
  std::string local_address;  ///< `192.0.2.1:40000`, for Via and Contact
  std::string branch;         ///< unique; the magic cookie is added
  std::string tag;
  std::string call_id;
};

/// OPTIONS (RFC 3261 §11) with `sips:` URIs throughout (§8.1.1.8; docs/decisions/0180). Error: invalid_input where the
/// host is none.
Result<std::string> options_message(const OptionsRequest& request);

/// All text is the peer's: foreign.
struct SipAnswer {
  int status =
      0;  ///< 0: no answer but a request of the peer's own, as it may send on any connection; the rest is empty
  std::string call_id;
  std::string method;  ///< of CSeq
  int sequence = 0;    ///< of CSeq
  std::string reason;
  std::string branch;                      ///< of the topmost Via, with its cookie; empty: none
  std::string to;                          ///< the whole value, to be sent back
  std::string to_tag;                      ///< empty: none
  std::string contact;                     ///< the URI of the first; empty: none
  std::vector<std::string> record_routes;  ///< as they came
};

/// Error: protocol.
Result<SipAnswer> parse_answer(std::string_view text);

/// What to say to a request of the peer's own: 200 to BYE of the call `call_id` and to OPTIONS, 481 to another BYE, 405
/// to all else; nothing to an ACK, an answer, or what is no message.
std::optional<std::string> reply_to(std::string_view text, const std::string& call_id);

/// The whole length of the first message in `bytes`, by its Content-Length (RFC 3261 §18.3); none while its head is not
/// complete. Keep-alive line ends before it are counted in. Error: protocol (no length, or one beyond `limit`).
Result<std::optional<std::size_t>> message_length(std::string_view bytes, std::size_t limit);

/// `[::1]:5` or `192.0.2.1:5` to its host.
std::string_view without_port(std::string_view address);

}  // namespace trunkform::probe
