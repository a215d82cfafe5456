#pragma once
// One call over one connection, from INVITE to the end of everything that it began (RFC 3261 §13, §15, §9). It has no
// media: what is asked is whether calls are taken behind the certificate (docs/decisions/0252). Used by one thread.
#include "providers/probe/sip/message.hpp"
#include "providers/probe/sip/message_stream.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/probe.hpp"
#include "schemas/ports/random.hpp"

namespace trunkform::probe {

class TestCall {
 public:
  /// All is borrowed. `connection` is fresh, its handshake finished.
  TestCall(TlsConnection& connection, Clock& clock, Random& random, const CallPolicy& policy);

  /// Whatever comes, nothing is left ringing or connected that the peer still listens to. Errors: as SipProbe::call.
  Result<CallOutcome> run(const Context& context);

 private:
  enum class Progress { waiting, decided };

  TlsConnection& m_connection;
  MessageStream m_stream;
  Clock& m_clock;
  Random& m_random;
  const CallPolicy& m_policy;
  SipRequest m_invite;
  std::vector<std::string> m_dialogs;  ///< tags of the peers that answered 2xx, each hung up
  CallOutcome m_outcome;
  Duration m_began{};
  int m_messages = 0;

  std::string sdp();
  Result<> send(const Context& context, const SipRequest& request);
  Result<std::optional<SipAnswer>> next(const Context& context);
  Result<Progress> take(const Context& context, const SipAnswer& answer);
  Result<> acknowledge(const Context& context, const SipAnswer& answer);
  Result<> hang_up(const Context& context, const SipAnswer& answer);
  bool concerns(const SipAnswer& answer, std::string_view method) const;
  SipRequest in_dialog(const SipAnswer& answer, std::string method, int sequence);
  Result<> cancel(const Context& context);
  void stop_ringing();
  void wait_for_bye();
  Result<CallOutcome> end_of(const Error& error);
  bool is_accepted(int status) const;
};

}  // namespace trunkform::probe
