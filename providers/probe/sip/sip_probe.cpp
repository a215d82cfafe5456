#include "providers/probe/sip/sip_probe.hpp"

#include <fmt/format.h>

#include "providers/probe/locate.hpp"
#include "providers/probe/sip/message.hpp"
#include "providers/probe/sip/message_stream.hpp"
#include "providers/probe/sip/test_call.hpp"
#include "providers/probe/tls_connection.hpp"

namespace trunkform::probe {
namespace {

/// Provisional answers and answers to others' requests before ours.
constexpr int k_most_messages = 32;

class SocketSipProbe final : public SipProbe {
 public:
  SocketSipProbe(Clock& clock, Random& random, Duration patience, std::string dns_server)
      : m_clock(clock),
        m_random(random),
        m_patience(patience),
        m_dns(make_dns_client(clock, patience, std::move(dns_server))) {}

  Result<int> options(const Context& context, const TlsProbePolicy& policy) override {
    auto [connection, address] = TRY(connect(context, policy, "OPTIONS cannot be sent"));
    OptionsRequest request;
    request.host = policy.host;
    request.port = policy.location == Location::sips_domain ? 0 : policy.port;
    request.local_address = connection.local_address();
    request.branch = m_random.uuid();
    request.tag = m_random.uuid();
    request.call_id = m_random.uuid();
    TRY(connection.write(context, TRY(options_message(request))));
    return final_status(context, connection, request);
  }

  Result<CallOutcome> call(const Context& context, const TlsProbePolicy& policy, const CallPolicy& call) override {
    auto [connection, address] = TRY(connect(context, policy, "no call can be made"));
    auto outcome = TRY(TestCall(connection, m_clock, m_random, call).run(context));
    outcome.address = address;
    return outcome;
  }

 private:
  struct Connected {
    TlsConnection connection;
    std::string address;
  };

  Result<Connected> connect(const Context& context, const TlsProbePolicy& policy, const char* in_vain) {
    TlsSettings settings;
    settings.server_name = server_name_of(policy);
    settings.min_version = policy.min_version;
    settings.timeout = m_patience;
    Error last;
    for (const auto& place : TRY(locate(context, *m_dns, policy))) {
      if (!place.target) {
        last = *place.error;
        continue;
      }
      auto connection = TlsConnection::open(context, m_clock, *place.target, settings);
      if (connection && connection->finished()) return Connected{std::move(*connection), place.text};
      last = connection
                 ? Error(ErrorCode::protocol, fmt::format("{} wants a client certificate, so {}", place.text, in_vain))
                       .hint(
                           "trunkform has no client certificate to show: set \"sip_options\": false and leave "
                           "call out")
                 : std::move(connection.error());
      if (last.code == ErrorCode::cancelled) break;
    }
    return last;
  }

  static Result<int> final_status(const Context& context, TlsConnection& connection, const OptionsRequest& request) {
    MessageStream stream(connection);
    for (int messages = 0; messages < k_most_messages; ++messages) {
      const auto message = TRY(stream.next(context));
      if (!message) return Error(ErrorCode::protocol, "the connection was closed before OPTIONS was answered");
      const auto answer = TRY(parse_answer(*message));
      const bool ours = answer.call_id == request.call_id && answer.method == "OPTIONS";
      if (ours && answer.status >= 200) return answer.status;
    }
    return Error(ErrorCode::protocol, "the peer sends other messages and no answer to OPTIONS");
  }

  Clock& m_clock;
  Random& m_random;
  Duration m_patience;
  std::unique_ptr<DnsClient> m_dns;
};

}  // namespace

std::unique_ptr<SipProbe> make_sip_probe(Clock& clock, Random& random, Duration patience, std::string dns_server) {
  return std::make_unique<SocketSipProbe>(clock, random, patience, std::move(dns_server));
}

}  // namespace trunkform::probe
