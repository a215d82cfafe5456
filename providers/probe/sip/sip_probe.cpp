#include "providers/probe/sip/sip_probe.hpp"

#include <fmt/format.h>

#include "providers/probe/sip/message.hpp"
#include "providers/probe/tls_connection.hpp"

namespace trunkform::probe {
namespace {

constexpr std::size_t k_longest_answer = 64U << 10;
/// Provisional answers and answers to others' requests before ours.
constexpr int k_most_messages = 32;

class SocketSipProbe final : public SipProbe {
 public:
  SocketSipProbe(Clock& clock, Random& random, Duration patience)
      : m_clock(clock), m_random(random), m_patience(patience) {}

  Result<int> options(const Context& context, const TlsProbePolicy& policy) override {
    auto connection = TRY(connect(context, policy));
    OptionsRequest request;
    request.host = policy.host;
    request.port = policy.port;
    request.local_address = connection.local_address();
    request.branch = m_random.uuid();
    request.tag = m_random.uuid();
    request.call_id = m_random.uuid();
    TRY(connection.write(context, TRY(options_message(request))));
    return final_status(context, connection, request);
  }

 private:
  Result<TlsConnection> connect(const Context& context, const TlsProbePolicy& policy) {
    TlsSettings settings;
    settings.server_name = policy.server_name.empty() && !is_address(policy.host) ? policy.host : policy.server_name;
    settings.min_version = policy.min_version;
    settings.timeout = m_patience;
    Error last;
    for (const auto& target : TRY(resolve(context, m_clock, m_patience, policy.host, policy.port))) {
      auto connection = TlsConnection::open(context, m_clock, target, settings);
      if (connection && connection->finished()) return std::move(*connection);
      last = connection
                 ? Error(ErrorCode::protocol, target.text + " wants a client certificate, so OPTIONS cannot be sent")
                       .hint("trunkform has no client certificate to show: set sip_options = false")
                 : std::move(connection.error());
      if (last.code == ErrorCode::cancelled) break;
    }
    return last;
  }

  static Result<int> final_status(const Context& context, TlsConnection& connection, const OptionsRequest& request) {
    std::string bytes;
    for (int messages = 0; messages < k_most_messages;) {
      const auto length = TRY(message_length(bytes, k_longest_answer));
      if (!length || bytes.size() < *length) {
        const auto more = TRY(connection.read(context));
        if (more.empty()) return Error(ErrorCode::protocol, "the connection was closed before OPTIONS was answered");
        bytes += more;
        continue;
      }
      ++messages;
      const auto start = bytes.find_first_not_of("\r\n");
      const auto answer = parse_answer(std::string_view(bytes).substr(start, *length - start));
      if (!answer) return answer.error();
      bytes.erase(0, *length);
      const bool ours = answer->call_id == request.call_id && answer->method == "OPTIONS";
      if (ours && answer->status >= 200) return answer->status;
    }
    return Error(ErrorCode::protocol, "the peer sends other messages and no answer to OPTIONS");
  }

  Clock& m_clock;
  Random& m_random;
  Duration m_patience;
};

}  // namespace

std::unique_ptr<SipProbe> make_sip_probe(Clock& clock, Random& random, Duration patience) {
  return std::make_unique<SocketSipProbe>(clock, random, patience);
}

}  // namespace trunkform::probe
