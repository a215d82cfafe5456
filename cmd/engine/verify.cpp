#include "cmd/engine/verify.hpp"

#include <algorithm>

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
  std::size_t addresses = 0;
  std::string evidence;
  bool all_as_expected() const { return addresses > 0 && as_expected == addresses; }
  /// Whoever answered is right, but not everybody answered: an address that this host cannot reach proves nothing.
  bool nothing_wrong() const { return answered > 0 && as_expected == answered; }
};

Look look(const Context& context, TlsProbe& probe, const TlsProbePolicy& policy, const Expected& expected) {
  Look seen;
  const auto served = probe.observe(context, policy);
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
    const bool right = expected.is(one.chain->identity);
    seen.as_expected += right ? 1U : 0U;
    seen.evidence += fmt::format("{} serves {}{}", one.address, to_short(one.chain->leaf().fingerprint),
                                 right ? "" : fmt::format(" instead of {}", to_short(expected.sent.leaf)));
    if (!right && one.chain->identity.leaf == expected.sent.leaf)
      seen.evidence += " (the right leaf with another chain)";
  }
  return seen;
}

CheckResult stopped_waiting(const std::string& evidence) {
  return {CheckVerdict::inconclusive, "stopped before it could be seen; last: " + evidence};
}

std::string endpoint(const TlsProbePolicy& policy) { return fmt::format("{}:{}", policy.host, policy.port); }

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
        seen.result = {CheckVerdict::pass, "the API does not show certificates" + status_text};
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

CheckResult check_served(const Context& context, TlsProbe& probe, SipProbe& sip, Clock& clock,
                         const VerifyPolicy& policy, const Expected& expected) {
  if (!policy.tls) return {};
  const auto give_up = clock.monotonic() + policy.tls->within;
  int in_a_row = 0;
  bool ever_answered = false;
  Look seen;
  for (;;) {
    seen = look(context, probe, *policy.tls, expected);
    ever_answered = ever_answered || seen.answered > 0;
    in_a_row = seen.all_as_expected() ? in_a_row + 1 : 0;
    if (in_a_row >= policy.tls->consecutive) {
      CheckResult tls{CheckVerdict::pass, fmt::format("{} ({} in a row)", seen.evidence, in_a_row)};
      return policy.sip_options ? check_options(context, sip, *policy.tls, std::move(tls)) : tls;
    }
    const Duration wait = std::chrono::milliseconds(in_a_row > 0 ? 100 : 1000);
    if (clock.monotonic() + wait > give_up) break;
    if (!clock.sleep(context, wait)) return stopped_waiting(seen.evidence);
  }
  if (!ever_answered)
    return {CheckVerdict::inconclusive, fmt::format("nothing answered at {} within {}: {}", endpoint(*policy.tls),
                                                    to_words(policy.tls->within), seen.evidence)};
  return {seen.nothing_wrong() ? CheckVerdict::inconclusive : CheckVerdict::fail,
          fmt::format("{} after {}", seen.evidence, to_words(policy.tls->within))};
}

CheckResult check_options(const Context& context, SipProbe& sip, const TlsProbePolicy& policy, CheckResult tls) {
  const auto status = sip.options(context, policy);
  if (!status) return {CheckVerdict::inconclusive, tls.evidence + "; OPTIONS: " + to_line(status.error())};
  const bool alive = *status < 500 || *status == 501;
  return {alive ? CheckVerdict::pass : CheckVerdict::fail,
          fmt::format("{}; OPTIONS answered {}", tls.evidence, *status)};
}

Sighting sight_on_wire(const Context& context, TlsProbe& probe, const TlsProbePolicy& policy) {
  const auto served = probe.observe(context, policy);
  if (!served) return Sighting::unclear(to_line(served.error()));
  for (const auto& one : *served)
    if (one.chain != nullptr) return Sighting::of(one.chain);
  return Sighting::unclear(served->empty() || !served->front().error ? "nothing answered"
                                                                     : to_line(*served->front().error));
}

CheckResult look_once(const Context& context, TlsProbe& probe, const TlsProbePolicy& policy, const Expected& expected) {
  const auto seen = look(context, probe, policy, expected);
  if (seen.all_as_expected()) return {CheckVerdict::pass, seen.evidence};
  const bool unsure = seen.answered == 0 || seen.nothing_wrong();
  return {unsure ? CheckVerdict::inconclusive : CheckVerdict::fail, seen.evidence};
}

}  // namespace trunkform::engine
