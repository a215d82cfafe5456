#pragma once
// As much of SIP as a trunk's far end needs to be asked whether it is alive (RFC 3261): messages framed by
// Content-Length on a stream (§18.3), OPTIONS answered with 200 (§11.2). Pure.
#include <optional>
#include <string>
#include <string_view>

namespace trunkform::sim {

/// Cuts a byte stream into messages. Not thread-safe.
class SipFramer {
 public:
  void push(std::string_view bytes) { m_buffer.append(bytes); }
  /// The next whole message, head and body; nullopt until there is one, and for ever once `broken`.
  std::optional<std::string> next();
  /// A head over 64 KiB, no Content-Length where one is needed, or one that is no number.
  bool broken() const { return m_broken; }

 private:
  std::string m_buffer;
  bool m_broken = false;
};

/// The answer to one request; empty where none is due (ACK, a response).
std::string answer_sip(std::string_view message, std::string_view tag);

}  // namespace trunkform::sim
