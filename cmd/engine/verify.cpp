#include "cmd/engine/verify.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace trunkform::engine {
namespace {

bool status_is_fine(const VerifyPolicy& policy, const std::string& status, const std::string& before) {
  return !policy.status || status == before || is_healthy_status(status, policy.healthy);
}

/// What one round of handshakes showed.
struct Look {
  std::size_t answered = 0;  ///< addresses that presented a chain
  std::size_t as_expected = 0;
  std::size_t with_our_leaf = 0;  ///< whatever chain it came with, and however it was judged
  std::size_t addresses = 0;
  std::string evidence;
  bool all_as_expected() const { return addresses > 0 && as_expected == addresses; }
  /// Whoever answered is right, but not everybody answered: an address that this host cannot reach proves nothing.
  bool nothing_wrong() const { return answered > 0 && as_expected == answered; }
};

std::string in_number(const std::vector<CertificatePtr>& certificates) {
  const auto count = certificates.size();
  return fmt::format("{} certificate{}", count, count == 1 ? "" : "s");
}

/// Whether one address is as it should be; what is said about it goes into `evidence`.
bool is_right(const ServedChain& one, const ServedJudge& judge, const Binding& binding, const Expected& expected,
              std::string& evidence) {
  bool right = expected.is(one.chain->identity);
  const bool right_leaf = one.chain->identity.leaf == expected.sent.leaf;
  evidence += fmt::format("{} serves {}", one.address, to_short(one.chain->leaf().fingerprint));
  if (!right_leaf && !right) evidence += fmt::format(" instead of {}", to_short(expected.sent.leaf));
  if (!right_leaf) return right;
  if (!right) evidence += fmt::format(", the right leaf in another chain ({})", in_number(one.chain->certificates));
  const auto refusal = judge.refusal(one, binding);
  if (!refusal) {
    evidence += ", which could not be judged: " + to_line(refusal.error());
    return right;
  }
  if (!*refusal) return right;
  evidence += ", which the carrier would refuse: " + **refusal;
  return false;
}

Look look(const Context& context, TlsProbe& probe, const ServedJudge& judge, const Binding& binding,
          const Expected& expected) {
  Look seen;
  const auto served = probe.observe(context, *binding.verify->tls);
  if (!served) {
    seen.evidence = to_line(served.error());
    return seen;
  }
  seen.addresses = served->size();
  for (const auto& one : *served) {
    if (!seen.evidence.empty()) seen.evidence += "; ";
    if (one.chain == nullptr) {
      const auto why = one.error ? to_line(*one.error) : std::string("no certificate");
      seen.evidence += why.find(one.address) == std::string::npos ? one.address + ": " + why : why;
      continue;
    }
    ++seen.answered;
    const bool ours = expected.is(one.chain->identity) || one.chain->identity.leaf == expected.sent.leaf;
    seen.with_our_leaf += ours ? 1U : 0U;
    seen.as_expected += is_right(one, judge, binding, expected, seen.evidence) ? 1U : 0U;
  }
  return seen;
}

CheckResult stopped_waiting(const std::string& evidence) {
  return {CheckVerdict::inconclusive, "stopped before it could be seen; last: " + evidence};
}

std::string endpoint(const TlsProbePolicy& policy) {
  return policy.location == Location::sips_domain ? "sips:" + policy.host
                                                  : fmt::format("{}:{}", policy.host, policy.port);
}

/// What comes after handshakes that passed; the first that does not pass is the last.
CheckResult check_sip(const Context& context, SipProbe& sip, const VerifyPolicy& policy, CheckResult so_far) {
  if (policy.sip_options) so_far = check_options(context, sip, *policy.tls, std::move(so_far));
  if (policy.call && so_far.verdict == CheckVerdict::pass)
    so_far = check_call(context, sip, *policy.tls, *policy.call, std::move(so_far));
  return so_far;
}

/// `480 Temporarily Unavailable`. A phrase is the peer's own text, of any length.
std::string answer_text(int status, const std::string& reason) {
  constexpr std::size_t k_longest_reason = 60;
  return reason.empty() ? std::to_string(status) : fmt::format("{} {}", status, reason.substr(0, k_longest_reason));
}

bool is_accepted(const CallPolicy& call, int status) {
  return std::find(call.accept.begin(), call.accept.end(), status) != call.accept.end();
}

/// A call that had no final answer.
CheckResult judge_unanswered(const CallOutcome& outcome, const CallPolicy& call) {
  const std::string_view ended = outcome.cancelled ? ", and was cancelled" : "";
  if (outcome.provisional > 100) {
    const auto rang = fmt::format("rang ({}) for {}{}", outcome.provisional, to_words(outcome.took), ended);
    if (is_accepted(call, outcome.provisional)) return {CheckVerdict::pass, rang};
    return {CheckVerdict::inconclusive, rang + ": nobody answered"};
  }
  if (outcome.provisional == 100)
    return {CheckVerdict::inconclusive,
            fmt::format("was taken (100) and went no further within {}{}", to_words(outcome.took), ended)};
  return {CheckVerdict::inconclusive, fmt::format("was not answered at all within {}", to_words(outcome.took))};
}

CheckResult judge_call(const CallOutcome& outcome, const CallPolicy& call) {
  if (outcome.status == 0) return judge_unanswered(outcome, call);
  const auto answer = answer_text(outcome.status, outcome.reason);
  if (is_accepted(call, outcome.status)) {
    const bool connected = outcome.status < 300;
    const auto* ended = !connected ? "" : outcome.hung_up ? " and hung up" : ", but BYE was not answered";
    return {CheckVerdict::pass, fmt::format("was answered {} after {}{}", answer, to_words(outcome.took), ended)};
  }
  if (outcome.status == 401 || outcome.status == 407)
    return {CheckVerdict::inconclusive,
            fmt::format("was answered {}: the peer wants a login, which trunkform does not have; name somebody in "
                        "verify.call.to who may be called without, or accept {} as proof enough",
                        answer, outcome.status)};
  return {CheckVerdict::fail,
          fmt::format("was answered {}, which is none of those accepted ({})", answer, fmt::join(call.accept, ", "))};
}

}  // namespace

Accepted check_accepted(const Context& context, TrunkApi& api, Clock& clock, const TrunkId& trunk,
                        const VerifyPolicy& policy, const Identity& sent, const std::optional<Identity>& before,
                        const std::string& status_before, const ReadBackPatience& patience) {
  const auto give_up = clock.monotonic() + patience.within;
  auto wait = patience.first_wait;
  for (;;) {
    Accepted seen;
    const auto live = api.get(context, trunk);
    if (!live) {
      seen.result = {CheckVerdict::inconclusive, "read-back failed: " + to_line(live.error())};
      return seen;
    }
    seen.status = live->status;
    const bool status_fine = status_is_fine(policy, live->status, status_before);
    const auto status_text = policy.status ? fmt::format(", status {}", live->status) : std::string();
    if (live->certificate.is_certificate()) {
      seen.live = live->certificate.chain->identity;
      const bool ours = seen.live->leaf == sent.leaf;
      const bool perhaps_late = ours && *seen.live != sent && before && *seen.live == *before;
      seen.foreign = !ours && !(before && *seen.live == *before);
      if (ours && status_fine) {
        seen.result = {CheckVerdict::pass, fmt::format("the API shows {}{}", to_short(seen.live->leaf), status_text)};
        if (!perhaps_late) return seen;
        seen.result.evidence += ", still with the chain that it had before";
      } else
        seen.result = {CheckVerdict::fail, ours ? fmt::format("status went from {} to {}", status_before, live->status)
                                                : fmt::format("the API shows {} instead of {}",
                                                              to_short(seen.live->leaf), to_short(sent.leaf))};
      if (seen.foreign) return seen;
    } else {
      // The service may keep certificates to itself: then the wire is the evidence, and the status still counts.
      const bool none = live->certificate.kind == Sighting::Kind::none;
      if (!none && status_fine) {
        const auto* by_nobody = policy.tls ? "" : "; nobody saw which one is there: verify.tls looks at the port";
        seen.result = {policy.tls ? CheckVerdict::pass : CheckVerdict::inconclusive,
                       "the API does not show certificates" + status_text + by_nobody};
        return seen;
      }
      seen.result = {CheckVerdict::fail, none ? "the API shows no certificate on the trunk"
                                              : fmt::format("status went from {} to {}", status_before, live->status)};
    }
    if (clock.monotonic() + wait > give_up) return seen;
    if (!clock.sleep(context, wait)) {
      seen.result = stopped_waiting(seen.result.evidence);
      return seen;
    }
    wait = std::min<Duration>(wait * 2, std::chrono::seconds(4));
  }
}

CheckResult check_served(const Context& context, const Wire& wire, const Binding& binding, const Expected& expected) {
  const auto& policy = *binding.verify;
  if (!policy.tls) return {};
  const auto give_up = wire.clock.monotonic() + policy.tls->within;
  int in_a_row = 0;
  bool ever_answered = false;
  Look seen;
  for (;;) {
    seen = look(context, wire.tls, wire.judge, binding, expected);
    ever_answered = ever_answered || seen.answered > 0;
    in_a_row = seen.all_as_expected() ? in_a_row + 1 : 0;
    if (in_a_row >= policy.tls->consecutive)
      return check_sip(context, wire.sip, policy,
                       {CheckVerdict::pass, fmt::format("{} ({} in a row)", seen.evidence, in_a_row)});
    const Duration left = give_up - wire.clock.monotonic();
    if (left <= Duration::zero()) break;
    const Duration wait = std::chrono::milliseconds(in_a_row > 0 ? 100 : 1000);
    if (!wire.clock.sleep(context, std::min(wait, left))) return stopped_waiting(seen.evidence);
  }
  if (!ever_answered)
    return {CheckVerdict::inconclusive, fmt::format("nothing answered at {} within {}: {}", endpoint(*policy.tls),
                                                    to_words(policy.tls->within), seen.evidence)};
  return {seen.nothing_wrong() ? CheckVerdict::inconclusive : CheckVerdict::fail,
          fmt::format("{} after {}", seen.evidence, to_words(policy.tls->within))};
}

CheckResult check_options(const Context& context, SipProbe& sip, const TlsProbePolicy& policy, CheckResult so_far) {
  const auto status = sip.options(context, policy);
  if (!status) return {CheckVerdict::inconclusive, so_far.evidence + "; OPTIONS: " + to_line(status.error())};
  const bool alive = *status < 500 || *status == 501;
  return {alive ? CheckVerdict::pass : CheckVerdict::fail,
          fmt::format("{}; OPTIONS answered {}", so_far.evidence, *status)};
}

CheckResult check_call(const Context& context, SipProbe& sip, const TlsProbePolicy& policy, const CallPolicy& call,
                       CheckResult so_far) {
  const auto outcome = sip.call(context, policy, call);
  if (!outcome)
    return {CheckVerdict::inconclusive,
            fmt::format("{}; a call to {} could not be made: {}", so_far.evidence, call.to, to_line(outcome.error()))};
  auto judged = judge_call(*outcome, call);
  judged.evidence = fmt::format("{}; a call to {} {}", so_far.evidence, call.to, judged.evidence);
  return judged;
}

Sighting sight_on_wire(const Context& context, TlsProbe& probe, const TlsProbePolicy& policy) {
  const auto served = probe.observe(context, policy);
  if (!served) return Sighting::unclear(to_line(served.error()));
  for (const auto& one : *served)
    if (one.chain != nullptr) return Sighting::of(one.chain);
  return Sighting::unclear(served->empty() || !served->front().error ? "nothing answered"
                                                                     : to_line(*served->front().error));
}

OneLook look_closely(const Context& context, const Wire& wire, const Binding& binding, const Expected& expected) {
  if (!binding.verify->tls) return {};
  const auto seen = look(context, wire.tls, wire.judge, binding, expected);
  if (seen.all_as_expected())
    return {check_sip(context, wire.sip, binding.verify, {CheckVerdict::pass, seen.evidence})};
  const bool unsure = seen.answered == 0 || seen.nothing_wrong();
  return {{unsure ? CheckVerdict::inconclusive : CheckVerdict::fail, seen.evidence},
          seen.answered > 0 && seen.with_our_leaf == 0};
}

CheckResult look_once(const Context& context, const Wire& wire, const Binding& binding, const Expected& expected) {
  return look_closely(context, wire, binding, expected).result;
}

}  // namespace trunkform::engine
