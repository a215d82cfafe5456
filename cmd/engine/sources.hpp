#pragma once
// The certificate sources of a run: each distinct locator is opened and described once, however many bindings use it,
// and turned into what a carrier would be sent. Thread-safe.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "providers/sources/registry.hpp"
#include "providers/x509/chain.hpp"
#include "providers/x509/facts_cache.hpp"
#include "providers/x509/path.hpp"
#include "schemas/model/binding.hpp"
#include "schemas/model/plan.hpp"
#include "schemas/ports/certificate_source.hpp"
#include "schemas/ports/clock.hpp"

namespace trunkform::engine {

/// How to read the secret that a locator names (`env:NAME`, `file:PATH`), after the trust file allowed it.
using SecretReader = std::function<Result<SecretBuffer>(const std::string& reference)>;
/// Whether the trust file allows it here; reads nothing. May be called from several threads.
using SecretCheck = std::function<Result<>(const std::string& reference)>;

/// What the state says a source offered, and what certificates that was.
struct KnownOffer {
  VersionId version;
  ChainPtr chain;
};
using KnownOffers = std::map<Locator, KnownOffer>;

class Sources {
 public:
  Sources(FileSystem& files, Path base, SecretReader secrets, const Clock& clock, x509::FactsCache& facts,
          sources::Services services = {});

  /// What it refuses is told with the offer, long before an apply needs the secret.
  void check_secrets_with(SecretCheck check) { m_check = std::move(check); }

  /// Reads every distinct locator of `bindings` and prepares what it offers, side by side. Failures are remembered and
  /// become unreachable offers. `known` is asked at most once, and only where some source has to read a secret to see
  /// its chain: where such a one still has the known version, its binding is returned, and the offer waits for
  /// `recognise_all`. They borrow from `bindings`.
  std::vector<const Binding*> describe_all(const Context& context, const std::vector<Binding>& bindings,
                                           std::size_t parallelism, const std::function<KnownOffers()>& known = {});
  /// What waits, after the live trunks were listed: a known version whose certificates were seen there needs no secret;
  /// of the others the secrets are read now.
  void recognise_all(const Context& context, const std::vector<const Binding*>& waiting, std::size_t parallelism);

  /// What the binding's source offers its carrier, with the path to the carrier's trust store at `now`.
  std::shared_ptr<const Offer> offer_for(const Context& context, const Binding& binding);

  /// A chain as it stands on a trunk or behind its port, and where it leads by the carrier's trust store.
  struct Standing {
    PathFacts path;
    std::optional<BundleFacts> bundle;  ///< about its order; none where the leaf cannot be told
  };
  /// Error: the trust store cannot be read.
  Result<Standing> standing(const x509::Certificates& certificates, const CarrierPolicy& carrier);
  /// Null where the certificates themselves are not at hand: what only the state remembers, or the trust store cannot
  /// be read, which the offer says.
  std::shared_ptr<const Standing> standing_of(const ChainPtr& live, const Binding& binding);

  /// What is there now, whatever it is for: leaf first. Errors: as the source's; not_found where there is nothing.
  struct Stored {
    x509::Certificates certificates;
    ChainPtr chain;
    VersionId version;
    std::optional<Error> key_lost;  ///< the source can tell that there is none; one that may not be read is none of it
  };
  Result<Stored> stored(const Context& context, const Locator& locator);
  /// Something else was put there: what was seen before does not count any more.
  void forget(const Locator& locator);

  /// The versions that the source still has, for `no_way_back` and rollback.
  Result<std::vector<SourceVersion>> versions(const Context& context, const Locator& locator);

  /// Read once for all that have them.
  Result<x509::Certificates> certificates(std::string_view pem) { return m_facts.certificates_of_pem(pem); }

  Result<CertificateSource*> open(const Locator& locator);
  /// What a carrier asks of a path, now. Error: its trust store cannot be read.
  Result<x509::PathQuestion> path_question(const CarrierPolicy& carrier);
  Result<SecretBuffer> passphrase(const Locator& locator);

 private:
  struct Seen {
    std::optional<Described> described;
    std::optional<Error> error;
    std::optional<x509::Certificates> certificates;
    bool recognised = false;  ///< by its version alone: what a trunk was sent of it, and not the secret itself
  };
  enum class Seeing { enough, all };
  /// One locator, which is asked by one at a time: a secret is read once, however many want to see it.
  struct Looked {
    std::mutex mutex;
    std::shared_ptr<const Seen> seen;
    std::optional<KnownOffer> unchanged;  ///< by the source's own word; what it is was not looked up yet
  };
  /// What of a carrier an answer depends on: how the root is handled, whom it must convince, and as what.
  using Demands = std::tuple<RootHandling, const void*, x509::PeerDemands>;
  using OfferKey = std::tuple<Locator, Demands>;
  using StandingKey = std::tuple<Fingerprint, Demands>;  ///< of the chain

  FileSystem& m_files;
  Path m_base;
  SecretReader m_secrets;
  sources::Services m_services;
  SecretCheck m_check;
  const Clock& m_clock;
  x509::FactsCache& m_facts;
  x509::TrustStores m_stores;
  x509::Signatures m_signatures;
  std::mutex m_mutex;
  std::map<Locator, std::unique_ptr<CertificateSource>> m_sources;
  std::map<Locator, std::shared_ptr<Looked>> m_looked;
  std::map<OfferKey, std::shared_ptr<const Offer>, std::less<>> m_offers;
  std::map<StandingKey, std::shared_ptr<const Standing>> m_standings;

  static Demands demands_of(const CarrierPolicy& carrier);
  static std::vector<const Binding*> distinct_of(const std::vector<Binding>& bindings);
  std::shared_ptr<Looked> looked_at(const Locator& locator);
  bool reads_secrets(const Locator& locator);
  bool is_unchanged(const Context& context, const Locator& locator, const KnownOffers& known);
  std::shared_ptr<const Seen> see(const Context& context, const Locator& locator, Seeing seeing);
  std::shared_ptr<const Seen> look(const Context& context, const Locator& locator,
                                   const std::optional<KnownOffer>& known);
  std::shared_ptr<const Offer> make_offer(const Seen& seen, const Binding& binding, Capability capability);
};

}  // namespace trunkform::engine
