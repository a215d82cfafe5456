#include "cmd/engine/key_ring.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "cmd/engine/earlier_pairs.hpp"
#include "planner/rules/rules.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/model/shell_word.hpp"

namespace trunkform::engine {
/// A pair put in order for a carrier, with everything that the rules want to know about it.
struct KeyRing::Prepared {
  struct Trusted {
    PathFacts path;
    Revocation revocation = Revocation::unknown;
  };
  x509::BuiltChain built;
  KeyFacts key;
  bool passphrase_at_hand = false;
  std::shared_ptr<const KeyPair> pair;  ///< null where the key cannot be sent: a rule says why
  std::mutex mutex;
  std::map<std::pair<x509::TrustStorePtr, x509::PeerDemands>, Trusted> by_trust;
};

KeyRing::KeyRing(Sources& sources, const Clock& clock) : m_sources(sources), m_clock(clock) {}
KeyRing::~KeyRing() = default;

Result<std::shared_ptr<KeyRing::Prepared>> KeyRing::prepare(const Context& context, const Binding& binding,
                                                            const Locator& locator, const VersionId& version) {
  auto prepared = std::make_shared<Prepared>();
  auto* source = TRY(m_sources.open(locator));
  const auto fetched = TRY(source->fetch(context, version));
  prepared->passphrase_at_hand = !fetched.passphrase.empty();
  prepared->key = prepared->passphrase_at_hand ? x509::inspect_key(fetched.private_key, fetched.passphrase)
                                               : x509::inspect_key(fetched.private_key);
  const auto certificates = TRY(m_sources.certificates(fetched.certificates_pem));
  const auto question = TRY(m_sources.path_question(binding.carrier));
  prepared->built =
      TRY(x509::build_chain(certificates, {.root = binding.carrier->root, .key = &prepared->key, .accept = &question}));
  if (auto key = x509::to_pkcs8(fetched.private_key, fetched.passphrase)) {
    auto pair = std::make_shared<KeyPair>();
    pair->private_key = std::move(*key);
    pair->chain = prepared->built.chain;
    pair->chain_pem = std::exchange(prepared->built.pem, {});
    prepared->pair = std::move(pair);
  }
  return prepared;
}

Result<std::shared_ptr<KeyRing::Prepared>> KeyRing::prepare_offered(const Context& context, const Binding& binding,
                                                                    const Locator& locator, const Fingerprint& leaf) {
  auto* source = TRY(m_sources.open(locator));
  const auto described = TRY(source->describe(context, {}, {}));
  const auto certificates = TRY(m_sources.certificates(described.certificates_pem));
  const bool has_it = std::any_of(certificates.begin(), certificates.end(),
                                  [&](const auto& one) { return one.facts->fingerprint == leaf; });
  if (!has_it) return Error(ErrorCode::not_found, "the source offers another certificate");
  return prepare(context, binding, locator, described.version);
}

Result<> KeyRing::judge(Prepared& prepared, const Binding& binding) {
  const auto now = m_clock.now();
  const auto question = TRY(m_sources.path_question(binding.carrier));
  const std::scoped_lock guard(prepared.mutex);
  const auto [trusted, missing] = prepared.by_trust.try_emplace({question.trust, x509::demands_in(question)});
  if (missing) {
    auto answer = x509::check_path(prepared.built.way, question);
    trusted->second = {std::move(answer.path), answer.revocation};
  }
  rules::RuleInput input;
  input.chain = prepared.built.chain;
  input.bundle = &prepared.built.bundle;
  input.path = &trusted->second.path;
  const bool is_revoked = is_among(m_revoked, *prepared.built.chain);
  input.revocation = is_revoked ? Revocation::revoked : trusted->second.revocation;
  input.key = &prepared.key;
  input.passphrase_at_hand = prepared.passphrase_at_hand;
  input.carrier = &*binding.carrier;
  input.names = binding.identity;
  input.now = now;
  input.moment = rules::Moment::applying;
  for (const auto& finding : rules::judge(input)) {
    if (finding.verdict != Verdict::block) continue;
    auto error = Error(ErrorCode::rejected, finding.message,
                       fmt::format("rule {} ({}) keeps this certificate from the trunk; it comes from {}", finding.rule,
                                   finding.clause, to_string(binding.locator)));
    error.address = to_string(binding.address);
    error.hints.push_back(finding.mend);
    return error;
  }
  if (prepared.pair == nullptr)
    return Error(ErrorCode::internal, "the private key cannot be sent, and no rule says why")
        .of(to_string(binding.address));
  return {};
}

KeyRing::RingKey KeyRing::key_of(const PlannedChange& change) {
  return {change.binding->locator, change.version ? change.version->value : std::string(),
          change.after ? change.after->identity.chain : Fingerprint{}};
}

void KeyRing::expect(const PlannedChange& change) {
  const std::scoped_lock guard(m_mutex);
  ++m_held[key_of(change)].wanted;
}

void KeyRing::done_with(const PlannedChange& change) {
  const std::scoped_lock guard(m_mutex);
  const auto found = m_held.find(key_of(change));
  if (found != m_held.end() && --found->second.wanted == 0) m_held.erase(found);
}

Result<std::shared_ptr<const KeyPair>> KeyRing::pair_for(const Context& context, const PlannedChange& change) {
  if (!change.version || change.after == nullptr)
    return Error(ErrorCode::internal, "a change without a certificate was to be written").of(to_string(change.address));
  const auto& binding = *change.binding;
  const auto key = key_of(change);
  std::shared_ptr<Prepared> prepared;
  {
    const std::scoped_lock guard(m_mutex);
    if (const auto found = m_held.find(key); found != m_held.end()) prepared = found->second.prepared;
  }
  if (prepared == nullptr) {
    prepared = TRY(prepare(context, binding, binding.locator, *change.version));
    const std::scoped_lock guard(m_mutex);
    if (auto& held = m_held[key]; held.wanted > 0) held.prepared = prepared;
  }
  if (prepared->built.chain->identity != change.after->identity)
    return Error(ErrorCode::conflict,
                 "stale_offer: the source offers another certificate than the one that was planned",
                 fmt::format("planned {}, offered now {}", to_short(change.after->identity.chain),
                             to_short(prepared->built.chain->identity.chain)))
        .of(to_string(change.address))
        .hint("review a new plan: trunkform plan -out=new.trunkplan");
  TRY(judge(*prepared, binding));
  return prepared->pair;
}

Result<std::shared_ptr<const KeyPair>> KeyRing::pair_for_rollback(const Context& context, const Binding& binding,
                                                                  const HistoryEntry& earlier) {
  if (!earlier.version)
    return Error(ErrorCode::not_found, "the earlier certificate has no version in its source")
        .of(to_string(binding.address));
  auto prepared = prepare(context, binding, earlier.locator, *earlier.version);
  const auto is_gone = [&] {
    return !prepared && (prepared.error().code == ErrorCode::conflict || prepared.error().code == ErrorCode::not_found);
  };
  const auto instead = [&](Result<std::shared_ptr<Prepared>> found) {
    if (found) prepared = std::move(found);
  };
  const auto& leaf = earlier.chain->identity.leaf;
  // The source may have been described anew since: what was found there then may be found there now.
  const bool is_elsewhere = binding.locator != earlier.locator;
  if (!prepared && is_elsewhere) instead(prepare(context, binding, binding.locator, *earlier.version));
  // A source that does not answer is not asked for more.
  if (is_gone()) instead(prepare_offered(context, binding, earlier.locator, leaf));
  if (is_gone() && is_elsewhere) instead(prepare_offered(context, binding, binding.locator, leaf));
  if (is_gone()) {
    auto gone =
        Error(ErrorCode::not_found, "no_way_back: the source no longer has the earlier certificate",
              fmt::format("{}, as {} had it", to_short(earlier.chain->identity.leaf), to_string(earlier.locator)))
            .of(to_string(binding.address))
            .hint(how_to_keep_earlier(earlier.locator, is_issue_address(binding.certificate)))
            .hint("or offer another certificate there, then run: trunkform apply -replace=" +
                  shell_word(to_string(binding.address)));
    // That another version is there is told as a plan that is too old, and nobody has made one.
    if (prepared.error().code == ErrorCode::not_found) gone.causes.push_back(std::move(prepared.error()));
    return gone;
  }
  if (!prepared) return std::move(prepared.error());
  const auto& pair = **prepared;
  if (pair.built.chain->identity.leaf != earlier.chain->identity.leaf)
    return Error(ErrorCode::not_found, "the source no longer has the earlier certificate",
                 fmt::format("{} was on the trunk; the source gives {} for that version",
                             to_short(earlier.chain->identity.leaf), to_short(pair.built.chain->identity.leaf)))
        .of(to_string(binding.address));
  TRY(judge(**prepared, binding));
  return pair.pair;
}

}  // namespace trunkform::engine
