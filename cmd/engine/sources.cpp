#include "cmd/engine/sources.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "cmd/engine/side_by_side.hpp"

namespace trunkform::engine {

Sources::Sources(FileSystem& files, Path base, SecretReader secrets, const Clock& clock, x509::FactsCache& facts,
                 sources::Services services)
    : m_files(files),
      m_base(std::move(base)),
      m_secrets(std::move(secrets)),
      m_services(std::move(services)),
      m_clock(clock),
      m_facts(facts) {}

Result<CertificateSource*> Sources::open(const Locator& locator) {
  const std::scoped_lock guard(m_mutex);
  auto& source = m_sources[locator];
  if (source == nullptr) {
    sources::Surroundings surroundings{m_files, m_base, nullptr, &m_services};
    if (locator.arguments.contains("passphrase"))
      surroundings.passphrase = [this, locator] { return passphrase(locator); };
    source = TRY(sources::make_source(locator, surroundings));
  }
  return source.get();
}

Result<SecretBuffer> Sources::passphrase(const Locator& locator) {
  const auto found = locator.arguments.find("passphrase");
  if (found == locator.arguments.end()) return SecretBuffer();
  return m_secrets(found->second);
}

std::shared_ptr<Sources::Looked> Sources::looked_at(const Locator& locator) {
  const std::scoped_lock guard(m_mutex);
  auto& looked = m_looked[locator];
  if (looked == nullptr) looked = std::make_shared<Looked>();
  return looked;
}

/// Null: the source says that it still has what is known, and was asked for nothing else.
std::shared_ptr<const Sources::Seen> Sources::look(const Context& context, const Locator& locator,
                                                   const std::optional<KnownOffer>& known) {
  auto seen = std::make_shared<Seen>();
  const auto read = [&]() -> Result<> {
    auto* source = TRY(open(locator));
    seen->described =
        TRY(source->describe(context, std::nullopt, known ? std::optional(known->version) : std::nullopt));
    if (!seen->described->unchanged)
      seen->certificates = TRY(m_facts.certificates_of_pem(seen->described->certificates_pem));
    return {};
  };
  if (auto result = read(); !result) seen->error = std::move(result.error());
  return seen->described && seen->described->unchanged ? nullptr : seen;
}

std::shared_ptr<const Sources::Seen> Sources::see(const Context& context, const Locator& locator, Seeing seeing) {
  const auto looked = looked_at(locator);
  const std::scoped_lock guard(looked->mutex);
  const bool is_enough = looked->seen != nullptr && (seeing == Seeing::enough || !looked->seen->recognised);
  if (is_enough) return looked->seen;
  if (looked->unchanged && seeing == Seeing::enough) {
    // A trunk that has it shows it.
    if (auto certificates = m_facts.certificates_of(*looked->unchanged->chain)) {
      auto seen = std::make_shared<Seen>();
      seen->described = Described{looked->unchanged->version, {}, {}, {}};
      seen->certificates = std::move(certificates);
      seen->recognised = true;
      return looked->seen = std::move(seen);
    }
  }
  return looked->seen = look(context, locator, std::nullopt);
}

/// Whether it costs a secret to see what the source offers.
bool Sources::reads_secrets(const Locator& locator) {
  const auto source = open(locator);
  return source && (*source)->capability() != Capability::sealed;
}

/// Whether the source says, without reading the secret, that it still has what is known.
bool Sources::is_unchanged(const Context& context, const Locator& locator, const KnownOffers& known) {
  const auto found = known.find(locator);
  if (found == known.end() || !reads_secrets(locator)) return false;
  const auto looked = looked_at(locator);
  const std::scoped_lock guard(looked->mutex);
  if (looked->seen != nullptr || looked->unchanged) return looked->seen == nullptr;
  looked->seen = look(context, locator, found->second);
  if (looked->seen == nullptr) looked->unchanged = found->second;
  return looked->unchanged.has_value();
}

/// By their names, which are shorter than what they stand for. What is asked for twice all the same is remembered.
std::vector<const Binding*> Sources::distinct_of(const std::vector<Binding>& bindings) {
  std::vector<const Binding*> distinct;
  std::set<std::pair<std::string_view, std::string_view>> known;
  for (const auto& binding : bindings)
    if (known.emplace(binding.certificate, binding.carrier->label).second) distinct.push_back(&binding);
  return distinct;
}

std::vector<const Binding*> Sources::describe_all(const Context& context, const std::vector<Binding>& bindings,
                                                  std::size_t parallelism, const std::function<KnownOffers()>& known) {
  const auto distinct = distinct_of(bindings);
  const bool asks = known && std::any_of(distinct.begin(), distinct.end(),
                                         [&](const auto* binding) { return reads_secrets(binding->locator); });
  const auto offers = asks ? known() : KnownOffers{};
  std::vector<const Binding*> waiting;
  std::mutex turn;
  side_by_side(parallelism, distinct.size(), 1, [&](std::size_t i) {
    if (context.stop.stop_requested()) return;
    if (!is_unchanged(context, distinct[i]->locator, offers)) {
      (void)offer_for(context, *distinct[i]);
      return;
    }
    const std::scoped_lock guard(turn);
    waiting.push_back(distinct[i]);
  });
  return waiting;
}

void Sources::recognise_all(const Context& context, const std::vector<const Binding*>& waiting,
                            std::size_t parallelism) {
  side_by_side(parallelism, waiting.size(), 1, [&](std::size_t i) {
    if (!context.stop.stop_requested()) (void)offer_for(context, *waiting[i]);
  });
}

Result<x509::PathQuestion> Sources::path_question(const CarrierPolicy& carrier) {
  auto question = x509::question_of(carrier);
  question.at = m_clock.now();
  question.trust = TRY(m_stores.get(carrier.trust_store));
  return question;
}

Sources::Demands Sources::demands_of(const CarrierPolicy& carrier) {
  return {carrier.root, carrier.trust_store ? &**carrier.trust_store : nullptr,
          x509::demands_in(x509::question_of(carrier))};
}

std::shared_ptr<const Offer> Sources::make_offer(const Seen& seen, const Binding& binding, Capability capability) {
  auto offer = std::make_shared<Offer>();
  offer->capability = capability;
  const auto fill = [&]() -> Result<> {
    if (seen.error) return *seen.error;
    const auto& given = *seen.certificates;
    const auto question = path_question(binding.carrier);
    // Most sources have their certificates in order. What is verified for their path is not verified again to find
    // that.
    auto path = question ? x509::check_path(given, *question, &m_signatures).path : PathFacts{};
    auto built = TRY(x509::build_chain(
        given,
        {.root = binding.carrier->root, .signatures = &m_signatures, .accept = question ? &*question : nullptr}));
    if (!question) return question.error();
    const bool is_in_order = std::equal(
        given.begin(), given.end(), built.way.begin(), built.way.end(),
        [](const auto& one, const auto& other) { return one.facts->fingerprint == other.facts->fingerprint; });
    offer->path = is_in_order ? std::move(path) : x509::check_path(built.way, *question, &m_signatures).path;
    offer->chain = built.chain;
    offer->bundle = std::move(built.bundle);
    offer->version = seen.described->version;
    offer->no_key = seen.described->no_key;
    offer->key_unreadable = seen.described->key_unreadable;
    const auto passphrase = binding.locator->arguments.find("passphrase");
    if (!offer->key_unreadable && m_check && passphrase != binding.locator->arguments.end())
      if (auto allowed = m_check(passphrase->second); !allowed) offer->key_unreadable = std::move(allowed.error());
    offer->kind = Offer::Kind::certificate;
    return {};
  };
  if (auto filled = fill(); !filled) offer->error = std::move(filled.error());
  return offer;
}

std::shared_ptr<const Offer> Sources::offer_for(const Context& context, const Binding& binding) {
  const std::tuple<const Locator&, Demands> key{*binding.locator, demands_of(binding.carrier)};
  {
    const std::scoped_lock guard(m_mutex);
    if (const auto found = m_offers.find(key); found != m_offers.end()) return found->second;
  }
  auto seen = see(context, binding.locator, Seeing::enough);
  auto capability = Capability::opaque;
  if (const auto source = open(binding.locator)) capability = (*source)->capability();
  auto offer = make_offer(*seen, binding, capability);
  // The secret may hold more than the trunk was sent: a root, or what leads to another trust store.
  if (seen->recognised && (binding.carrier->root == RootHandling::include || offer->error || !offer->path.trusted)) {
    seen = see(context, binding.locator, Seeing::all);
    offer = make_offer(*seen, binding, capability);
  }
  const std::scoped_lock guard(m_mutex);
  return m_offers.try_emplace(OfferKey(key), std::move(offer)).first->second;
}

Result<Sources::Stored> Sources::stored(const Context& context, const Locator& locator) {
  const auto seen = see(context, locator, Seeing::all);
  if (seen->error) return *seen->error;
  auto built = TRY(x509::build_chain(*seen->certificates, {.signatures = &m_signatures}));
  Stored stored{std::move(built.certificates), std::move(built.chain), seen->described->version, {}};
  const auto& here = seen->described->key_unreadable;
  stored.key_lost = seen->described->no_key;
  if (here && (here->code == ErrorCode::not_found || here->code == ErrorCode::invalid_input)) stored.key_lost = here;
  return stored;
}

void Sources::forget(const Locator& locator) {
  const std::scoped_lock guard(m_mutex);
  m_looked.erase(locator);
  std::erase_if(m_offers, [&](const auto& entry) { return std::get<0>(entry.first) == locator; });
}

namespace {

/// A path is looked for from the first. A service may give a chain back in another order, and then its authority would
/// be judged in place of the leaf: trusted, and for years.
x509::Certificates leaf_first(x509::Certificates certificates) {
  const auto leaf = x509::chain_of(certificates)->leaf().fingerprint;
  const auto found = std::find_if(certificates.begin(), certificates.end(),
                                  [&](const auto& one) { return one.facts->fingerprint == leaf; });
  std::rotate(certificates.begin(), found, found + 1);
  return certificates;
}

}  // namespace

Result<Sources::Standing> Sources::standing(const x509::Certificates& certificates, const CarrierPolicy& carrier) {
  Standing standing;
  const auto question = TRY(path_question(carrier));
  standing.path = x509::check_path(leaf_first(certificates), question, &m_signatures).path;
  if (auto built =
          x509::build_chain(certificates, {.root = carrier.root, .signatures = &m_signatures, .accept = &question}))
    standing.bundle = std::move(built->bundle);
  return standing;
}

std::shared_ptr<const Sources::Standing> Sources::standing_of(const ChainPtr& live, const Binding& binding) {
  const StandingKey key{live->identity.chain, demands_of(binding.carrier)};
  {
    const std::scoped_lock guard(m_mutex);
    if (const auto found = m_standings.find(key); found != m_standings.end()) return found->second;
  }
  std::shared_ptr<const Standing> made;
  if (const auto certificates = m_facts.certificates_of(*live))
    if (auto stands = standing(*certificates, binding.carrier))
      made = std::make_shared<const Standing>(std::move(*stands));
  const std::scoped_lock guard(m_mutex);
  return m_standings.try_emplace(key, std::move(made)).first->second;
}

Result<std::vector<SourceVersion>> Sources::versions(const Context& context, const Locator& locator) {
  auto* source = TRY(open(locator));
  return source->versions(context);
}

}  // namespace trunkform::engine
