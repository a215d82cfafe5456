#include "providers/probe/sip/test_call.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace trunkform::probe {
namespace {

/// Of the peer's, with provisional answers and requests of its own: a call has fewer than ten.
constexpr int k_most_in_a_call = 64;
/// Forks that answer at the same time; each is hung up.
constexpr std::size_t k_most_dialogs = 8;
/// For what follows the answer: the peer's word on BYE, or on CANCEL. A peer that needs longer is not waited for.
constexpr Duration k_afterwards = std::chrono::seconds(4);
/// For a first provisional answer of a call that is given up.
constexpr Duration k_for_a_sign = std::chrono::seconds(1);

bool is_ringing(int status) { return status > 100 && status < 200; }

/// Bytes of no meaning: a stream without media needs a key that nobody uses.
std::string random_key(Random& random) {
  std::array<std::uint8_t, 30> key{};
  random.fill(key);
  std::array<unsigned char, 64> text{};
  const int size = EVP_EncodeBlock(text.data(), key.data(), static_cast<int>(key.size()));
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

/// `[::1]` or `192.0.2.1` as SDP has it.
std::string sdp_address(std::string_view host) {
  if (!host.starts_with('[')) return fmt::format("IN IP4 {}", host);
  return fmt::format("IN IP6 {}", host.substr(1, host.size() - 2));
}

}  // namespace

TestCall::TestCall(TlsConnection& connection, Clock& clock, Random& random, const CallPolicy& policy)
    : m_connection(connection), m_stream(connection), m_clock(clock), m_random(random), m_policy(policy) {
  const auto local = connection.local_address();
  const auto host = std::string(without_port(local));
  // A sips call has sips URIs throughout (RFC 3261 §8.1.1.8); one to a sip URI says where it came from instead.
  const bool is_sips = policy.to.starts_with("sips:");
  const std::string scheme = is_sips ? "sips" : "sip";
  m_invite.method = "INVITE";
  m_invite.uri = policy.to;
  m_invite.local_address = local;
  m_invite.branch = random.uuid();
  m_invite.from = fmt::format(
      "<{}>;tag={}", policy.from.empty() ? fmt::format("{}:trunkform@{}", scheme, host) : policy.from, random.uuid());
  m_invite.to = fmt::format("<{}>", policy.to);
  m_invite.call_id = random.uuid();
  m_invite.contact = fmt::format("<{}:trunkform@{}{}>", scheme, local, is_sips ? "" : ";transport=tls");
  m_invite.sdp = sdp();
}

/// Two streams, of which the peer takes one: behind TLS many take SRTP only, and some know none. Neither sends
/// (RFC 3264 §6.1), so no port of this machine is opened.
std::string TestCall::sdp() {
  const auto address = sdp_address(without_port(m_invite.local_address));
  const auto number = m_random.below(1U << 31);
  auto text = fmt::format("v=0\r\no=trunkform {0} 1 {1}\r\ns=trunkform\r\nc={1}\r\nt=0 0\r\n", number, address);
  for (const bool is_secure : {true, false}) {
    text += fmt::format("m=audio 9 RTP/{} 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n",
                        is_secure ? "SAVP" : "AVP");
    if (is_secure) text += fmt::format("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{}\r\n", random_key(m_random));
    text += "a=inactive\r\n";
  }
  return text;
}

Result<> TestCall::send(const Context& context, const SipRequest& request) {
  return m_connection.write(context, TRY(request_message(request)));
}

bool TestCall::is_accepted(int status) const {
  return std::find(m_policy.accept.begin(), m_policy.accept.end(), status) != m_policy.accept.end();
}

/// An answer belongs to a request of ours by Call-ID, CSeq and, where it has one, branch (RFC 3261 §17.1.3).
bool TestCall::concerns(const SipAnswer& answer, std::string_view method) const {
  if (answer.call_id != m_invite.call_id || answer.method != method) return false;
  return method != "INVITE" || (answer.sequence == m_invite.sequence && answer.branch == "z9hG4bK" + m_invite.branch);
}

/// The next answer; requests of the peer's own are answered in passing. None: the peer closed.
Result<std::optional<SipAnswer>> TestCall::next(const Context& context) {
  for (;;) {
    const auto message = TRY(m_stream.next(context));
    if (!message) return std::optional<SipAnswer>();
    if (++m_messages > k_most_in_a_call)
      return Error(ErrorCode::protocol, "the peer sends other messages and no answer to the call");
    auto answer = TRY(parse_answer(*message));
    if (answer.status != 0) return std::optional(std::move(answer));
    if (const auto reply = reply_to(*message, m_invite.call_id)) TRY(m_connection.write(context, *reply));
  }
}

/// Within the transaction for a refusal; for a 2xx a transaction of its own (RFC 3261 §17.1.1.3, §13.2.2.4).
Result<> TestCall::acknowledge(const Context& context, const SipAnswer& answer) {
  if (answer.status < 300) return send(context, in_dialog(answer, "ACK", m_invite.sequence));
  SipRequest ack = m_invite;
  ack.method = "ACK";
  ack.to = answer.to;
  ack.contact.clear();
  ack.sdp.clear();
  return send(context, ack);
}

SipRequest TestCall::in_dialog(const SipAnswer& answer, std::string method, int sequence) {
  SipRequest request = m_invite;
  request.method = std::move(method);
  request.sequence = sequence;
  request.branch = m_random.uuid();
  request.uri = answer.contact.empty() ? m_invite.uri : answer.contact;
  request.to = answer.to;
  request.routes.assign(answer.record_routes.rbegin(), answer.record_routes.rend());
  request.contact.clear();
  request.sdp.clear();
  return request;
}

/// ACK, and BYE once for each peer that answered: with forks there may be several.
Result<> TestCall::hang_up(const Context& context, const SipAnswer& answer) {
  TRY(acknowledge(context, answer));
  if (std::find(m_dialogs.begin(), m_dialogs.end(), answer.to_tag) != m_dialogs.end()) return {};
  if (m_dialogs.size() == k_most_dialogs) return {};
  m_dialogs.push_back(answer.to_tag);
  return send(context, in_dialog(answer, "BYE", m_invite.sequence + 1));
}

Result<TestCall::Progress> TestCall::take(const Context& context, const SipAnswer& answer) {
  if (!concerns(answer, "INVITE")) return Progress::waiting;
  if (answer.status < 200) {
    m_outcome.provisional = answer.status;
    if (!is_ringing(answer.status) || !is_accepted(answer.status)) return Progress::waiting;
    m_outcome.took = m_clock.monotonic() - m_began;
    stop_ringing();
    return Progress::decided;
  }
  m_outcome.status = answer.status;
  m_outcome.reason = answer.reason;
  m_outcome.took = m_clock.monotonic() - m_began;
  m_connection.allow(k_afterwards);
  if (answer.status >= 300) {
    TRY(acknowledge(context, answer));
    return Progress::decided;
  }
  TRY(hang_up(context, answer));
  wait_for_bye();
  return Progress::decided;
}

/// The answer is what counts; what becomes of BYE is told beside it.
void TestCall::wait_for_bye() {
  const Context nobody_stops_this;
  m_connection.allow(k_afterwards);
  for (;;) {
    const auto answer = next(nobody_stops_this);
    if (!answer || !*answer) return;
    if (concerns(**answer, "BYE") && (*answer)->status >= 200) {
      m_outcome.hung_up = (*answer)->status < 300;
      return;
    }
    // A 2xx that comes again, or from another fork.
    const bool is_answer = concerns(**answer, "INVITE") && (*answer)->status >= 200 && (*answer)->status < 300;
    if (is_answer && !hang_up(nobody_stops_this, **answer)) return;
  }
}

Result<> TestCall::cancel(const Context& context) {
  SipRequest cancel = m_invite;
  cancel.method = "CANCEL";
  cancel.contact.clear();
  cancel.sdp.clear();
  TRY(send(context, cancel));
  m_outcome.cancelled = true;
  m_connection.allow(k_afterwards);
  return {};
}

/// CANCEL, and what it leads to: 487, or an answer that crossed it. Before any provisional answer nothing may be
/// cancelled (RFC 3261 §9.1), so one is waited for a moment. Goes on after a stop: a telephone that somebody's pipeline
/// left ringing is worse than some seconds.
void TestCall::stop_ringing() {
  const Context nobody_stops_this;
  m_connection.allow(k_for_a_sign);
  if (m_outcome.provisional != 0 && !cancel(nobody_stops_this)) return;
  for (;;) {
    const auto answer = next(nobody_stops_this);
    if (!answer || !*answer) return;
    if (!concerns(**answer, "INVITE")) continue;
    if ((*answer)->status < 200) {
      m_outcome.provisional = (*answer)->status;
      if (!m_outcome.cancelled && !cancel(nobody_stops_this)) return;
    } else if ((*answer)->status >= 300) {
      (void)acknowledge(nobody_stops_this, **answer);
      return;
    } else {
      if (hang_up(nobody_stops_this, **answer)) wait_for_bye();
      return;
    }
  }
}

/// Time that ran out is an outcome, everything else an error; either way nothing is left ringing.
Result<CallOutcome> TestCall::end_of(const Error& error) {
  const bool is_over = error.code == ErrorCode::timeout && m_clock.monotonic() - m_began >= m_policy.timeout;
  m_outcome.took = m_clock.monotonic() - m_began;
  stop_ringing();
  if (!is_over) return error;
  return m_outcome;
}

Result<CallOutcome> TestCall::run(const Context& context) {
  m_began = m_clock.monotonic();
  m_connection.allow(m_policy.timeout);
  TRY(send(context, m_invite));
  for (;;) {
    const auto answer = next(context);
    if (!answer) return end_of(answer.error());
    if (!*answer) return Error(ErrorCode::protocol, "the connection was closed before the call was answered");
    const auto progress = take(context, **answer);
    if (!progress) return end_of(progress.error());
    if (*progress == Progress::decided) return m_outcome;
  }
}

}  // namespace trunkform::probe
