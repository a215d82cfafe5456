#pragma once
// Handing one message to a mail server (RFC 5321). No retries here. Thread-safe.
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform {

enum class MailSecurity {
  starttls,  ///< the server must offer it; TLS 1.2 at least, verified
  implicit,  ///< TLS from the first byte (port 465)
  none,      ///< loopback only
};

struct MailRequest {
  std::string host;
  int port = 587;
  MailSecurity security = MailSecurity::starttls;
  std::string user;                        ///< empty: no authentication
  const SecretBuffer* password = nullptr;  ///< borrowed for the call; may be null
  std::string from;                        ///< envelope: `alerts@example.com`
  std::vector<std::string> to;             ///< envelope
  std::string message;                     ///< RFC 5322, lines end in CR LF
  Duration timeout = std::chrono::seconds(30);
};

class MailTransport {
 public:
  virtual ~MailTransport() = default;
  /// Returns once the server has taken the message for at least one recipient. Errors: unavailable (also a 4xx
  /// answer), timeout, cancelled, denied (TLS, login), rejected (a 5xx answer), invalid_input, untrusted.
  virtual Result<> send(const Context& context, const MailRequest& request) = 0;
};

}  // namespace trunkform
