#pragma once
// What is seen on a trunk after a PATCH, and what it means: `accepted` by the API, `served` on the wire.
// docs/semantics.md, Apply, Verification. Stateless; thread-safe.
#include <functional>
#include <optional>
#include <string>

#include "cmd/engine/served_judge.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/verification.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/trunk_api.hpp"

namespace trunkform::engine {

/// What should be there now.
struct Expected {
  Identity sent;
  std::optional<Identity> as_read;  ///< the same certificate as the service gives it back
  bool is(const Identity& seen) const { return seen == sent || (as_read && seen == *as_read); }
};

struct Accepted {
  CheckResult result;
  std::optional<Identity> live;  ///< as the API shows it; none where it does not
  std::string status;
  bool foreign = false;  ///< another certificate than the one sent and the one before: somebody else wrote
};

/// How the read-back deals with a service that shows a write only after a while.
struct ReadBackPatience {
  Duration within = std::chrono::seconds(30);
  Duration first_wait = std::chrono::milliseconds(500);
};

/// GET until the certificate is the one sent (or its leaf with another chain: `as_read`) and the status is healthy or
/// no worse than `status_before`. Fail: still the old one, another one, or a worse status at the end. Inconclusive: the
/// service could not be read, or the user stopped the wait. The same leaf with the very chain that was there before may
/// be a late read: it counts as `as_read` only when the patience is over.
Accepted check_accepted(const Context& context, TrunkApi& api, Clock& clock, const TrunkId& trunk,
                        const VerifyPolicy& policy, const Identity& sent, const std::optional<Identity>& before,
                        const std::string& status_before, const ReadBackPatience& patience = {});

/// What it takes to look at a port. Borrowed.
struct Wire {
  TlsProbe& tls;
  SipProbe& sip;
  Clock& clock;
  const ServedJudge& judge;
};

/// Fresh handshakes on every resolved address until `consecutive` in a row show what is expected, within `within`;
/// then OPTIONS and the test call, where they are configured.
/// Fail: another certificate at the end, the old one included, or one whose chain the carrier would refuse.
/// Inconclusive: nothing ever answered, or all that answered is right and some address did not answer (an IPv6 address
/// that this host cannot reach proves nothing), or the user stopped the wait: what is not known to be wrong must not be
/// rolled back.
CheckResult check_served(const Context& context, const Wire& wire, const Binding& binding, const Expected& expected);

/// What the port presents, for where the API does not show it: the first address that answers counts.
Sighting sight_on_wire(const Context& context, TlsProbe& probe, const TlsProbePolicy& policy);

/// The same in one look, without patience, for `verify`. Not configured: without `verify.tls`.
struct OneLook {
  CheckResult result;
  bool of_another = false;  ///< something answered, and nothing that did presented the expected leaf
};
OneLook look_closely(const Context& context, const Wire& wire, const Binding& binding, const Expected& expected);
/// Only what came of it.
CheckResult look_once(const Context& context, const Wire& wire, const Binding& binding, const Expected& expected);

/// After a handshake that passed: any final answer to OPTIONS shows that SIP is spoken behind the TLS, 501 included (a
/// server that knows no OPTIONS); only another server failure does not.
CheckResult check_options(const Context& context, SipProbe& sip, const TlsProbePolicy& policy, CheckResult so_far);

/// After all that passed: pass for an answer that is accepted, fail for another. Inconclusive: the peer wants a login,
/// or nobody answered while it rang, or no call could be made. `so_far` gives its evidence.
CheckResult check_call(const Context& context, SipProbe& sip, const TlsProbePolicy& policy, const CallPolicy& call,
                       CheckResult so_far);

}  // namespace trunkform::engine
