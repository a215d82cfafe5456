#include "providers/genesys/binder.hpp"

#include <fmt/format.h>

#include "providers/cloud/foreign_text.hpp"
#include "providers/genesys/patch_body.hpp"
#include "providers/genesys/paths.hpp"

namespace trunkform::genesys {
namespace {

/// A read right after a lost answer may still show the old certificate (read-after-write lag, or a request in flight).
constexpr Duration k_settle = std::chrono::seconds(2);
/// Before it is said that nothing was changed: as long as a read-back waits for a new certificate to show.
constexpr Duration k_last_look = std::chrono::seconds(30);

Result<Call> trunk_call(const char* method, const TrunkId& id) {
  Call call;
  call.method = method;
  call.path = fmt::format("{}/{}", k_trunks_path, TRY(path_segment(id.value)));
  return call;
}

std::string correlation_of(const HttpResponse& answer) {
  const auto* id = answer.header("ININ-Correlation-Id");
  return id == nullptr ? std::string() : *id;
}

/// The trunk of an answer, where it is the one that was asked for.
Result<LiveTrunk> trunk_in(x509::FactsCache& facts, const CallName& name, HttpResponse& answer, const TrunkId& id) {
  TrunkReader reader(facts);
  auto trunk = reader.trunk(answer.body);
  if (!trunk) return lying_answer(name, answer, trunk.error().summary);
  if (trunk->id != id)
    return Error(ErrorCode::protocol, fmt::format("{} {} answered with another trunk, {}", name.method, name.path,
                                                  cloud::quoted(trunk->id.value)));
  return std::move(*trunk);
}

}  // namespace

Result<LiveTrunk> read_trunk(Exchange& exchange, x509::FactsCache& facts, const Context& context, const TrunkId& id) {
  const auto call = TRY(trunk_call("GET", id));
  auto answer = exchange.call(context, call);
  if (!answer) return std::move(answer.error().error);
  return trunk_in(facts, call.name(), *answer, id);
}

Binder::Binder(Session& session, Exchange& exchange, x509::FactsCache& facts, const TrunkId& id, const KeyPair& pair,
               const std::optional<Identity>& from)
    : m_session(session), m_exchange(exchange), m_facts(facts), m_id(id), m_pair(pair), m_from(from) {}

Binder::Verdict Binder::judge(const LiveTrunk& trunk) const {
  const auto& seen = trunk.certificate;
  if (seen.kind == Sighting::Kind::unknown) return Verdict::unclear;
  if (seen.kind == Sighting::Kind::none) return m_from ? Verdict::foreign : Verdict::not_committed;
  const auto& live = seen.chain->identity;
  const auto& sent = m_pair.chain->identity;
  if (live == sent) return Verdict::committed;
  if (m_from && live == *m_from) return Verdict::not_committed;
  // The service may give a chain back in another shape: the leaf tells, where it was not live before.
  if (live.leaf == sent.leaf && (!m_from || m_from->leaf != sent.leaf)) return Verdict::committed;
  return Verdict::foreign;
}

Result<Binder::Found> Binder::look(const Context& context) {
  auto trunk = TRY(read_trunk(m_exchange, m_facts, context, m_id));
  const auto verdict = judge(trunk);
  return Found{verdict, std::move(trunk)};
}

/// A reader may lag behind the write: the old certificate is believed when it is still there after `patience`.
Result<Binder::Found> Binder::look_for(const Context& context, Duration patience) {
  auto wait = k_settle;
  for (Duration waited{};; waited += wait, wait *= 2) {
    auto found = look(context);
    if (!found || found->verdict != Verdict::not_committed || waited + wait > patience) return found;
    TRY(m_session.clock().sleep(context, wait));
  }
}

/// Nothing is sent again that is there by now, and nothing over what somebody bound during a wait. Where the API does
/// not show what is bound, a PATCH that was certainly not carried out may go again as it went the first time.
Result<> Binder::look_before_repeat(const Context& context) {
  auto looked = look(context);
  // Nothing was sent that may have been carried out: a read that failed does not make that uncertain.
  if (!looked && !m_lost)
    return Error(ErrorCode::unavailable,
                 fmt::format("trunk {} could not be read before the PATCH was sent again", m_id.value))
        .because(std::move(looked.error()));
  auto found = TRY(std::move(looked));
  if (found.verdict == Verdict::not_committed) return {};
  if (found.verdict == Verdict::unclear && !m_lost) return {};
  if (found.verdict == Verdict::committed) m_seen = std::move(found.trunk);
  return Error(ErrorCode::conflict, fmt::format("trunk {} was changed meanwhile", m_id.value));
}

Result<BindReceipt> Binder::receipt_of(const Context& context, const CallName& name, HttpResponse answer) {
  BindReceipt receipt;
  receipt.correlation_id = correlation_of(answer);
  auto trunk = trunk_in(m_facts, name, answer, m_id);
  if (trunk) {
    receipt.trunk = std::move(*trunk);
    return receipt;
  }
  // It said 2xx but not what is now bound: look.
  auto found = look_for(context, k_settle);
  if (!found)
    return Error(ErrorCode::outcome_unknown,
                 fmt::format("the PATCH of trunk {} was accepted in words that cannot be read", m_id.value))
        .because(std::move(trunk.error()))
        .because(std::move(found.error()))
        .hint("see what is live: trunkform plan");
  if (found->verdict == Verdict::not_committed)
    return Error(ErrorCode::protocol,
                 fmt::format("the PATCH of trunk {} was answered in words that cannot be read, and changed nothing",
                             m_id.value),
                 "the trunk still has the certificate from before")
        .because(std::move(trunk.error()));
  receipt.read_back = true;
  receipt.trunk = std::move(found->trunk);
  return receipt;
}

/// Ours may have been there for a moment.
Error Binder::overtaken(Error lost) const {
  return Error(ErrorCode::conflict,
               fmt::format("trunk {} now has a certificate that is neither the old nor the new one", m_id.value),
               "somebody else changed it at the same time")
      .because(std::move(lost))
      .hint("see what is live, and decide whose it is: trunkform plan");
}

Result<std::optional<BindReceipt>> Binder::after_lost_answer(const Context& context, Error lost) {
  auto found = look_for(context, k_settle);
  if (!found || found->verdict == Verdict::unclear) {
    const bool stopped = lost.code == ErrorCode::cancelled;
    Error error(ErrorCode::outcome_unknown,
                fmt::format("whether trunk {} has the new certificate is not known", m_id.value),
                stopped ? "the run was told to stop at once while the PATCH was under way"
                : found ? "the answer to the PATCH was lost, and the API does not show what is bound"
                        : "the answer to the PATCH was lost, and the trunk could not be read either");
    error.causes.push_back(std::move(lost));
    if (!found) error.causes.push_back(std::move(found.error()));
    error.hints.emplace_back("run apply again: it reads the trunk first and sends nothing that is already there");
    return error;
  }
  if (found->verdict == Verdict::committed) return std::optional(BindReceipt{true, {}, std::move(found->trunk)});
  if (found->verdict == Verdict::foreign) return overtaken(std::move(lost));
  return std::optional<BindReceipt>();
}

Result<std::optional<BindReceipt>> Binder::after_conflict(const Context& context, Error conflict) {
  auto found = TRY(look(context));
  if (found.verdict == Verdict::committed) return std::optional(BindReceipt{true, {}, std::move(found.trunk)});
  if (found.verdict == Verdict::not_committed) return std::optional<BindReceipt>();
  return Error(ErrorCode::conflict, fmt::format("trunk {} was changed by somebody else meanwhile", m_id.value),
               "its certificate is no longer the one that was planned to be replaced")
      .because(std::move(conflict))
      .hint("plan again: trunkform plan");
}

/// The service refused, or patience is over. Where an earlier answer was lost, that PATCH may have been the one.
Result<BindReceipt> Binder::give_up(const Context& context, Error error) {
  if (!m_lost) return error;
  auto found = look_for(context, k_last_look);
  if (found && found->verdict == Verdict::committed) return BindReceipt{true, {}, std::move(found->trunk)};
  if (found && found->verdict == Verdict::foreign) return overtaken(std::move(error));
  if (found && found->verdict == Verdict::not_committed) return error;
  return Error(ErrorCode::outcome_unknown,
               fmt::format("whether trunk {} has the new certificate is not known", m_id.value),
               "an answer to the PATCH was lost, and the trunk cannot be read")
      .because(std::move(error))
      .hint("run apply again: it reads the trunk first and sends nothing that is already there");
}

Result<BindReceipt> Binder::run(const Context& context) {
  auto call = TRY(trunk_call("PATCH", m_id));
  const auto body = patch_body(m_pair);
  call.secret_body = &body;
  call.repeat = Repeat::refused_only;
  call.before_repeat = [&] { return look_before_repeat(context); };
  auto patience = m_session.patience();
  for (;;) {
    auto answer = m_exchange.call(context, call);
    if (answer) return receipt_of(context, call.name(), std::move(*answer));
    if (m_seen) return BindReceipt{true, {}, std::move(*m_seen)};
    auto& failure = answer.error();
    const bool lost = failure.outcome == Outcome::may_have_happened;
    m_lost = m_lost || lost;
    if (!lost && failure.error.code != ErrorCode::conflict) return give_up(context, std::move(failure.error));
    auto again = lost ? TRY(after_lost_answer(context, failure.error)) : TRY(after_conflict(context, failure.error));
    if (again) return std::move(*again);
    // Nothing was changed, and the old certificate is still there.
    if (failure.error.code == ErrorCode::conflict) failure.error.code = ErrorCode::rejected;
    if (failure.error.code == ErrorCode::timeout || failure.error.code == ErrorCode::protocol)
      failure.error.code = ErrorCode::unavailable;
    if (auto wait = patience.before_next(context, std::move(failure.error)); !wait)
      return give_up(context, std::move(wait.error()));
    if (auto wanted = look_before_repeat(context); !wanted) {
      if (m_seen) return BindReceipt{true, {}, std::move(*m_seen)};
      return give_up(context, std::move(wanted.error()));
    }
  }
}

}  // namespace trunkform::genesys
