#pragma once
// A peer that a test call goes to: it reads whole requests, remembers them, and does what the test says.
#include <functional>
#include <string>
#include <vector>

#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/probe/sip/sip_probe.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/unit/providers/support/tls_server.hpp"

namespace trunkform::testing {

inline std::string value_of(const std::string& message, const std::string& name) {
  const auto at = message.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto from = message.find_first_not_of(' ', at + name.size() + 4);
  return message.substr(from, message.find("\r\n", from) - from);
}
inline std::string branch_of(const std::string& message) {
  const auto via = value_of(message, "Via");
  const auto at = via.find("branch=") + 7;
  return via.substr(at, via.find(';', at) - at);
}
inline std::string method_of(const std::string& message) { return message.substr(0, message.find(' ')); }
inline std::string uri_of(const std::string& message) {
  const auto at = message.find(' ') + 1;
  return message.substr(at, message.find(' ', at) - at);
}

/// The peer's end: reads whole requests, remembers them, answers.
class Peer {
 public:
  Peer(TlsSession& session, std::vector<std::string>& heard) : m_session(session), m_heard(heard) {}
  /// Empty when we have gone.
  std::string read() {
    for (;;) {
      const auto head = m_bytes.find("\r\n\r\n");
      if (head != std::string::npos) {
        const auto length = std::stoul("0" + value_of(m_bytes.substr(0, head + 2), "Content-Length"));
        if (m_bytes.size() >= head + 4 + length) {
          auto message = m_bytes.substr(0, head + 4 + length);
          m_bytes.erase(0, head + 4 + length);
          m_heard.push_back(message);
          return message;
        }
      }
      const auto more = m_session.read();
      if (more.empty()) return {};
      m_bytes += more;
    }
  }
  void say(const std::string& bytes) { m_session.write(bytes); }
  void answer(const std::string& request, const std::string& status, const std::string& more = {},
              const std::string& tag = "peer") {
    std::string text = "SIP/2.0 " + status + "\r\n";
    for (const auto* name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
      text += std::string(name) + ": " + value_of(request, name);
      if (std::string(name) == "To" && !tag.empty() && text.find("tag=" + tag) == std::string::npos)
        text += ";tag=" + tag;
      text += "\r\n";
    }
    say(text + more + "Content-Length: 0\r\n\r\n");
  }

 private:
  TlsSession& m_session;
  std::vector<std::string>& m_heard;
  std::string m_bytes;
};

struct Called {
  Result<CallOutcome> outcome;
  std::vector<std::string> heard;
  std::vector<std::string> methods() const {
    std::vector<std::string> all;
    for (const auto& message : heard) all.push_back(method_of(message));
    return all;
  }
};

using Methods = std::vector<std::string>;
inline constexpr const char* k_contact = "Contact: <sips:phone@192.0.2.7:5061>\r\n";

enum class Afterwards { listens, closes };

inline Called call(const std::function<void(Peer&)>& does, CallPolicy policy = {}, Context context = {},
                   Afterwards afterwards = Afterwards::listens) {
  static const auto family = make_family(platform::SystemClock().now());
  Called called{CallOutcome{}, {}};
  if (policy.to.empty()) policy.to = "sips:echo@example.com";
  if (policy.timeout == CallPolicy{}.timeout) policy.timeout = std::chrono::seconds(5);
  std::vector<std::string> heard;
  {
    TlsServer server({family.chain_pem(), family.leaf.key.text()}, [&](TlsSession& session) {
      Peer peer(session, heard);
      does(peer);
      while (afterwards == Afterwards::listens && !peer.read().empty()) continue;
    });
    platform::SystemClock clock;
    platform::SystemRandom random;
    TlsProbePolicy where;
    where.host = "127.0.0.1";
    where.port = server.port();
    called.outcome = probe::make_sip_probe(clock, random, std::chrono::seconds(2))->call(context, where, policy);
  }
  called.heard = std::move(heard);
  return called;
}

/// The last of the peer's doing: whatever is asked of it is fine.
inline void agree(Peer& peer) {
  for (auto request = peer.read(); !request.empty(); request = peer.read())
    if (method_of(request) != "ACK") peer.answer(request, "200 OK");
}

}  // namespace trunkform::testing
