#include "cmd/engine/issuing_run.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cmd/engine/issued_pair.hpp"
#include "cmd/engine/issuing_leftovers.hpp"
#include "cmd/engine/reused_key.hpp"
#include "cmd/engine/staged_keys.hpp"
#include "planner/issuing/plan_issue.hpp"
#include "planner/issuing/told.hpp"
#include "providers/x509/new_key.hpp"
#include "providers/x509/private_key.hpp"
#include "providers/x509/signing_request.hpp"

namespace trunkform::engine {
namespace {

/// Who staged a key and did not come back for a day has died, or lost its state.
constexpr auto k_stale = std::chrono::hours(24);

class IssuingRun {
 public:
  IssuingRun(const Context& context, const IssuingHands& hands, const PlannedIssue& planned, const KnownIssue& known,
             Duration patience)
      : m_context(context), m_hands(hands), m_planned(planned), m_known(known), m_patience(patience) {}

  std::vector<Error> take_warnings() { return std::move(m_warnings); }

  /// That a request was given up is in the event log by then, with its reason; everything else that failed is told
  /// here.
  void record_failure(const Error& error) {
    if (m_gave_up || error.code == ErrorCode::cancelled) return;
    auto told = m_hands.log.append({IssueFailed{request().address, to_line(error)}});
    if (!told) m_warnings.push_back(std::move(told.error()));
  }

  /// What is kept of a run that was asked to stop, and who goes on with it.
  Error stopped(Error why) const {
    Error error(ErrorCode::cancelled, "the run was asked to stop before the certificate was in its store",
                what_is_kept());
    error.hints.emplace_back(is_resumed() ? "go on where it was, with the same key and order: trunkform apply"
                                          : "begin again: trunkform apply");
    error.causes.push_back(std::move(why));
    return error;
  }

  Result<IssueOutcome> run() {
    auto* issuer = TRY(issuing::from_issuer(request(), m_hands.places.issuer(request().issuer)));
    m_store = TRY(issuing::from_store(request(), m_hands.places.store(m_context, request().store)));
    TRY(take_up_what_was_begun());
    if (!is_resumed()) {
      if (TRY(is_there_already())) return there_already();
      TRY(begin());
    }
    auto key = TRY(staged_key());
    m_has_key = true;
    if (const auto current = TRY(stored_now()); current && current->request == m_open.request)
      return finish(current->version);
    // Between the look and the staging somebody may have been done with it.
    if (TRY(is_replaced_by_somebody())) {
      give_up("another certificate was put into the store meanwhile");
      if (TRY(is_there_already())) return there_already();
      return Error(ErrorCode::conflict, "the store has another certificate than when the plan was made")
          .hint("review a new plan: trunkform plan");
    }
    const auto csr = TRY(x509::make_signing_request(key, request().names));
    const IssueOrder order{m_open.request, request().names,  request().lifetime, request().profile, csr,
                           replaced_der(), m_open.reuses_key};
    auto signed_by = obtain(*issuer, order);
    if (!signed_by) {
      if (is_final(signed_by.error())) give_up(to_line(signed_by.error()));
      return std::move(signed_by.error());
    }
    if (!*signed_by) return outcome(IssueOutcome::Kind::pending);
    return promote(std::move(key), **signed_by);
  }

 private:
  const Context& m_context;
  const IssuingHands& m_hands;
  const PlannedIssue& m_planned;
  KnownIssue m_known;
  Duration m_patience;
  SecretStore* m_store = nullptr;
  OpenIssue m_open;
  std::optional<SecretBuffer> m_reused;  ///< of the certificate that is replaced, until it is staged
  bool m_has_key = false;                ///< staged
  bool m_has_asked_before = false;       ///< an earlier run may have, without writing it down
  bool m_gave_up = false;
  std::vector<Error> m_warnings;

  const IssueRequest& request() const { return m_planned.request; }
  bool is_resumed() const { return !m_open.request.empty(); }

  std::string what_is_kept() const {
    const auto store = to_string(request().store);
    if (!is_resumed()) return "nothing was begun";
    if (!m_has_key) return "nothing was ordered";
    if (!m_open.certificates_pem.empty())
      return fmt::format("it is signed: the certificate is in the event log, and its key is staged in {}", store);
    if (m_open.order.empty()) return fmt::format("its key is staged in {}, and no order is recorded", store);
    return fmt::format("its key is staged in {}, and it is ordered: {}", store, m_open.order);
  }

  IssueOutcome outcome(IssueOutcome::Kind kind) const { return {request().address, kind, std::nullopt, std::nullopt}; }

  IssueOutcome there_already() {
    m_hands.sources.forget(request().source);
    return outcome(IssueOutcome::Kind::there_already);
  }

  /// By the record and not by the plan: a reviewed plan that is applied again finds what it has begun itself.
  Result<> take_up_what_was_begun() {
    if (m_known.record == nullptr || !m_known.record->open) return {};
    const auto& open = *m_known.record->open;
    const bool fits = issuing::fits(open, request());
    const bool is_lost = fits && TRY(issuing::from_store(request(), has_lost_key(m_context, *m_store, m_hands.sources,
                                                                                 request(), open, m_known.revoked)));
    if (fits && !is_lost && open.request != m_planned.gives_up) {
      m_open = open;
      m_has_asked_before = true;
      return {};
    }
    Leftover leftover{m_known.record};
    if (fits) leftover.why = "its key is from before what is to be replaced was known";
    if (is_lost) leftover.why = "its key was revoked since";
    if (auto left = TRY(clear_away(m_context, m_hands, leftover))) m_warnings.push_back(std::move(*left));
    return {};
  }

  /// What the issuer will say again, however often it is asked. Everything else may be mended here, and the order is
  /// paid for.
  static bool is_final(const Error& error) { return error.code == ErrorCode::rejected; }

  Result<std::optional<StoredVersion>> stored_now() {
    return issuing::from_store(request(), m_store->promoted(m_context));
  }
  static std::optional<VersionId> version_of(const std::optional<StoredVersion>& stored) {
    return stored ? std::optional(stored->version) : std::nullopt;
  }

  /// A reviewed plan may be older than what the store has: then the question is asked again.
  Result<bool> is_there_already() {
    const auto version = version_of(TRY(stored_now()));
    if (version == m_planned.replaces) return is_only_shown_otherwise();
    const auto conflict = [](std::string detail) {
      return Error(ErrorCode::conflict, "the store has another certificate than when the plan was made",
                   std::move(detail))
          .hint("review a new plan: trunkform plan");
    };
    if (!version) return conflict("it has none any more");
    (void)TRY(m_store->show_current(m_context));
    const auto amiss = TRY(what_is_amiss());
    if (!amiss) return true;
    return conflict(*amiss);
  }

  /// Of what the store has now, held against what the block asks for; none: it is that.
  Result<std::optional<std::string>> what_is_amiss() {
    m_hands.sources.forget(request().source);
    const auto stored = TRY(m_hands.sources.stored(m_context, request().source));
    if (stored.key_lost) return std::optional<std::string>("and its key is gone");
    IssueRecord record;
    if (m_known.record != nullptr) record.last = m_known.record->last;
    issuing::IssueInput input{.request = request(), .record = &record};
    input.stored = stored.chain;
    input.version = stored.version;
    input.is_revoked = m_known.revoked != nullptr && is_among(*m_known.revoked, *stored.chain);
    input.now = m_hands.clock.now();
    const auto cause = issuing::plan_issue(input).cause;
    if (cause != IssueCause::none)
      return std::optional(fmt::format("and it is not what the block asks for: {}", to_string(cause)));
    const bool is_ours =
        record.last && record.last->chain && record.last->chain->identity.leaf == stored.chain->identity.leaf;
    if (m_planned.cause == IssueCause::issuer_changed && !is_ours)
      return std::optional<std::string>("and it is not known to be of the issuer that the block names");
    return std::optional<std::string>();
  }

  /// The plan judged what others are shown, which somebody may have written who must not: the pair itself is asked
  /// before anything is signed for that.
  Result<bool> is_only_shown_otherwise() {
    if (!m_planned.replaces || !TRY(issuing::from_store(request(), m_store->show_current(m_context)))) return false;
    m_warnings.push_back(
        Error(ErrorCode::conflict, "public_path showed another certificate than the store has",
              fmt::format("version {} is shown now; somebody else wrote there", m_planned.replaces->value))
            .of(request().address)
            .hint("let nobody but the store write there: docs/permissions.md"));
    const auto cause = m_planned.cause;
    const bool is_judged =
        cause == IssueCause::names_changed || cause == IssueCause::key_changed || cause == IssueCause::due;
    return is_judged && !TRY(what_is_amiss());
  }

  Result<bool> is_replaced_by_somebody() { return version_of(TRY(stored_now())) != m_open.replaces; }

  Result<> begin() {
    const IssueTerms& asked = request();
    if (request().reuse_key && m_planned.replaces) {
      auto before = TRY(key_before(m_context, m_hands.sources, request(), *m_planned.replaces, m_known.revoked));
      if (before.is_lost)
        m_warnings.push_back(Error(ErrorCode::conflict, std::string(k_made_in_spite)).of(request().address));
      else
        m_reused = std::move(before.key);
    }
    m_open = OpenIssue{asked, m_hands.random.uuid(), m_hands.clock.now(), m_planned.replaces, {}, {}};
    m_open.reuses_key = m_reused.has_value();
    return m_hands.log.append({IssueBegun{request().address, m_open}});
  }

  enum class Signed { no, amiss };
  /// What made us give up is what is told; that its traces could not be removed comes beside it. Whose lock is lost
  /// learns it by the event, and leaves the key to whoever goes on; who dies behind it leaves a key that the next run
  /// knows for this state's own (`staged_key`).
  void give_up(std::string why, Signed was_signed = Signed::no) {
    m_gave_up = true;
    auto ended = m_hands.log.append(
        {IssueEnded{request().address, m_open.request, std::nullopt, std::move(why), was_signed == Signed::amiss}});
    if (!ended) {
      m_warnings.push_back(std::move(ended.error()));
      return;
    }
    if (auto left = remove_staged_key(m_context, m_hands.places, m_open.store, m_open.request, request().address))
      m_warnings.push_back(std::move(*left));
  }

  Result<SecretBuffer> new_key() {
    // A run before this one died before it had staged the key; that it is not lost was asked when it was taken up.
    if (!m_reused && m_open.reuses_key && m_open.replaces)
      m_reused = TRY(key_before(m_context, m_hands.sources, request(), *m_open.replaces, m_known.revoked)).key;
    if (m_reused) return std::move(*m_reused);
    return x509::make_key(request().key);
  }

  Result<SecretBuffer> staged_key() {
    auto staged = TRY(issuing::from_store(request(), m_store->staged(m_context)));
    if (staged && staged->request == m_open.request) return std::move(staged->private_key);
    std::optional<std::string> instead_of;
    if (staged) {
      // Who ended it died before the key was removed.
      const bool is_left = TRY(m_hands.log.has_ended(m_context, staged->request));
      if (!is_left && m_hands.clock.now() - staged->since < k_stale) {
        auto error = Error(ErrorCode::conflict, "another run is issuing this certificate",
                           fmt::format("its key was staged in {} on {}", TRY(m_store->place(m_context)),
                                       to_rfc3339(staged->since)))
                         .hint("run this again when it has ended; what it put into the store is used then")
                         .hint(
                             "where that run is dead, its key is replaced when it is a day old; sooner: trunkform "
                             "issuer unstage " +
                             request().address);
        give_up(to_line(error));
        return error;
      }
      instead_of = staged->request;
    }
    auto made = TRY(new_key());  // by itself: a return out of a braced list leaks what the list has made already
    StagedKey key{m_open.request, m_hands.clock.now(), std::move(made)};
    auto done = issuing::from_store(request(), m_store->stage(m_context, key, instead_of));
    if (!done) {
      if (done.error().code == ErrorCode::conflict) give_up(to_line(done.error()));
      return std::move(done.error());
    }
    // An order that was begun with a key that is gone can never be finished.
    if (!m_open.order.empty() || !m_open.certificates_pem.empty()) {
      m_open.order.clear();
      m_open.certificates_pem.clear();
      TRY(m_hands.log.append({IssueOrdered{request().address, m_open.request, {}, {}}}));
    }
    return std::move(key.private_key);
  }

  /// For issuers that count a renewal as one.
  std::string replaced_der() {
    if (m_planned.before == nullptr) return {};
    const auto stored = m_hands.sources.stored(m_context, request().source);
    return stored ? stored->certificates.front().der : std::string();
  }

  Result<> keep(const OrderStatus& status) {
    const auto* pending = std::get_if<OrderPending>(&status);
    const auto order = pending != nullptr ? pending->ref : m_open.order;
    const auto pem = pending != nullptr ? std::string() : std::get<OrderIssued>(status).certificates_pem;
    if (order == m_open.order && pem == m_open.certificates_pem) return {};
    m_open.order = order;
    m_open.certificates_pem = pem;
    return m_hands.log.append({IssueOrdered{request().address, m_open.request, order, pem}});
  }

  Result<OrderStatus> ask(Issuer& issuer, const IssueOrder& order) {
    if (!m_open.certificates_pem.empty()) return OrderStatus(OrderIssued{m_open.certificates_pem});
    if (!m_open.order.empty()) return issuing::from_issuer(request(), issuer.poll(m_context, m_open.order, order));
    if (m_has_asked_before)
      if (auto found = TRY(issuing::from_issuer(request(), issuer.find(m_context, order)))) return std::move(*found);
    return issuing::from_issuer(request(), issuer.submit(m_context, order));
  }

  Error order_is_gone(Error why) {
    auto error = issuing::from_issuer(request(), std::move(why));
    give_up(to_line(error));
    error.hints.emplace_back("run trunkform apply again: it makes another key and orders anew");
    return error;
  }

  /// Every certificate that the issuer gave; none: it has not signed yet.
  Result<std::optional<std::string>> obtain(Issuer& issuer, const IssueOrder& order) {
    const auto until = m_hands.clock.now() + m_patience;
    for (;;) {
      auto status = TRY(ask(issuer, order));
      if (auto* gone = std::get_if<OrderGone>(&status)) return order_is_gone(std::move(gone->why));
      TRY(keep(status));
      if (const auto* issued = std::get_if<OrderIssued>(&status)) return std::optional(issued->certificates_pem);
      const auto wait = std::max<Duration>(std::get<OrderPending>(status).retry_after, std::chrono::seconds(1));
      const auto next = m_hands.clock.now() + wait;
      if (next > until || (m_context.deadline && next > *m_context.deadline)) return std::optional<std::string>();
      TRY(m_hands.clock.sleep(m_context, wait));
    }
  }

  Result<IssueOutcome> promote(SecretBuffer key, const std::string& pem) {
    auto pair = issuing::from_issuer(request(), issued_pair(request(), std::move(key), pem, m_hands.clock.now()));
    if (!pair) {
      give_up(to_line(pair.error()), is_final(pair.error()) ? Signed::amiss : Signed::no);
      return std::move(pair.error());
    }
    auto version = issuing::from_store(request(), m_store->promote(m_context, m_open.request, *pair, m_open.replaces));
    if (!version) {
      if (version.error().code == ErrorCode::conflict) give_up(to_line(version.error()));
      return std::move(version.error());
    }
    return finish(*version);
  }

  void tell_other_lifetime(const ChainFacts& chain) {
    const auto other = issuing::other_lifetime(m_open.lifetime, chain);
    if (!other) return;
    const auto ends = to_rfc3339(chain.leaf().not_after);
    auto warning =
        other->is_longer
            ? Error(ErrorCode::rejected, "the issuer gave a longer lifetime than was asked for",
                    fmt::format("{}: it ends {}, and whoever gets hold of its key has it as long", other->words, ends))
                  .hint("have its role, provisioner or profile give no more, or set `lifetime` to what it gives")
            : Error(ErrorCode::rejected, "the issuer gave a shorter lifetime than was asked for",
                    fmt::format("{}: it ends {}, and is renewed that much earlier", other->words, ends))
                  .hint(
                      "set `lifetime` to what the issuer gives, or let its role, provisioner or profile give more; "
                      "the certificate of an authority that ends first cuts it too");
    m_warnings.push_back(std::move(warning).of(request().address));
  }

  /// What is recorded is what bindings will read.
  Result<IssueOutcome> finish(const VersionId& version) {
    // A run that died right after it had promoted may have left its staged key, or what readers of the chain alone see.
    if (auto left = remove_staged_key(m_context, m_hands.places, m_open.store, m_open.request, request().address))
      m_warnings.push_back(std::move(*left));
    m_hands.sources.forget(request().source);
    auto stored = TRY(m_hands.sources.stored(m_context, request().source));
    if (stored.version != version)
      return Error(ErrorCode::conflict, "the store gives back another version than the one that was written",
                   fmt::format("written {}, there is {}", version.value, stored.version.value))
          .hint("see who else writes there, then run trunkform apply again");
    tell_other_lifetime(*stored.chain);
    auto done = outcome(IssueOutcome::Kind::issued);
    done.issued = IssuedCertificate{m_open.request, std::move(stored.chain), version, m_open.issuer,
                                    m_open.store,   m_hands.clock.now()};
    TRY(m_hands.log.append({IssueEnded{request().address, m_open.request, done.issued, {}}}));
    return done;
  }
};

}  // namespace

IssueOutcome issue_certificate(const Context& context, const IssuingHands& hands, const PlannedIssue& planned,
                               const KnownIssue& known, Duration patience) {
  IssuingRun run(context, hands, planned, known, patience);
  auto done = run.run();
  IssueOutcome outcome;
  if (done) {
    outcome = std::move(*done);
  } else {
    run.record_failure(done.error());
    auto error = std::move(done.error());
    if (error.code == ErrorCode::cancelled) error = run.stopped(std::move(error));
    outcome.error = issuing::told_of(planned.request, std::move(error));
  }
  outcome.address = planned.request.address;
  outcome.warnings = run.take_warnings();
  return outcome;
}

}  // namespace trunkform::engine
