#pragma once
// The simulated service: request in, response out. Pure: time comes with the request, randomness from a seed, judgement
// of certificates through an interface; there is no socket, no file, no clock here, so simulation tests link it too.
// Specification: docs/simulator.md. Thread-safe; `on_bind` is called without the lock, after the commit.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/genesys_sim/service/certificate_judge.hpp"
#include "cmd/genesys_sim/service/faults.hpp"
#include "cmd/genesys_sim/service/ids.hpp"
#include "cmd/genesys_sim/service/knobs.hpp"
#include "cmd/genesys_sim/service/message.hpp"
#include "cmd/genesys_sim/service/request_log.hpp"
#include "cmd/genesys_sim/service/tokens.hpp"
#include "cmd/genesys_sim/service/trunk_store.hpp"
#include "cmd/genesys_sim/service/violations.hpp"

namespace trunkform::sim {

struct Client {
  std::string id;
  std::string secret;
};

/// Whether listing pages are kept as text between requests.
enum class ListingCache { off, on };

struct ServiceOptions {
  std::vector<Client> clients;
  std::vector<std::string> static_tokens;  ///< accepted as they are, for ever
  Knobs knobs;                             ///< an empty organisation is filled in from the seed
  std::uint64_t seed = 1;
  ListingCache listing_cache = ListingCache::off;
};

struct TrunkSeed {
  std::string id;  ///< empty: made from the service's seed
  std::string name;
  std::string status = "active";
  std::string carrier;
  PairPtr pair;  ///< null: nothing is bound
};

struct BindNotice {
  std::string trunk_id;
  std::string trunk_name;
  Identity identity;
};

/// What a SIP TLS port has to do right now.
struct Serving {
  ServeMode mode = ServeMode::bound;
  PairPtr pair;                 ///< null: nothing to serve, the handshake fails
  bool close_sessions = false;  ///< sessions that began with another pair are to be closed
};

class Service {
 public:
  /// `judge` is borrowed and outlives the service.
  Service(ServiceOptions options, const CertificateJudge& judge);

  Response handle(const Request& request);
  void on_bind(std::function<void(const BindNotice&)> observer) { m_on_bind = std::move(observer); }

  /// A pair as the service keeps it; judged only for its identity. Null where no certificate could be read.
  PairPtr make_pair(std::string certificate, std::string private_key, Instant now) const;
  /// Returns the trunk's id.
  std::string add_trunk(TrunkSeed seed, Instant now);
  /// What `ServeMode::wrong` serves where nothing else was given.
  void set_stranger(PairPtr pair);
  /// Same document as `POST /_sim/knobs`. All or nothing. Errors: invalid_input.
  Result<> turn(std::string_view knobs_json, Instant now);
  /// Renders every page of `size` trunks beforehand; only with ListingCache::on.
  void prerender(std::uint64_t size, Instant now);

  std::optional<Serving> serving(std::string_view trunk_id, Instant now) const;
  std::vector<std::string> trunk_ids() const;  ///< in the service's order
  /// The first trunk with this id or name.
  std::optional<std::string> find_trunk(std::string_view id_or_name) const;
  std::string name_of(std::string_view trunk_id) const;  ///< empty where there is no such trunk
  Summary summary() const;
  std::vector<Violation> violations() const;  ///< the first thousand

 private:
  /// One request on its way through.
  struct Exchange {
    const Request& request;
    Target target;
    std::string context_id;
    std::string token;  ///< as presented
    std::optional<RateWindow> window;
    bool repeat_first_page = false;
    std::string fault;
    Punctuality punctuality = Punctuality::in_time;
  };

  const CertificateJudge& m_judge;
  mutable std::mutex m_mutex;
  ServiceOptions m_options;
  Knobs m_knobs;
  Ids m_ids;
  TrunkStore m_store;
  Tokens m_tokens;
  FaultList m_faults;
  Violations m_violations;
  RequestLog m_log;
  PairPtr m_stranger;
  std::map<std::string, Instant> m_promised;  ///< request → when a 429 allowed it again
  std::function<void(const BindNotice&)> m_on_bind;
  std::vector<BindNotice> m_notices;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::shared_ptr<const std::string>> m_pages;
  std::uint64_t m_pages_generation = 0;

  // service.cpp
  Response exchange(const Request& request);
  void finish(Exchange& exchange, Response& response);
  void note_lost_answer(const Exchange& exchange, const Response& response);
  void violate(const Exchange& exchange, ViolationKind kind, std::string what);
  // manners.cpp
  void check_manners(const Exchange& exchange);
  // operations.cpp
  Response perform(Exchange& exchange);
  Response authorised(Exchange& exchange);
  Response grant_token(Exchange& exchange);
  Response organisation(Exchange& exchange);
  Response list(Exchange& exchange);
  Response get(Exchange& exchange);
  Response patch(Exchange& exchange);
  Response error(const Exchange& exchange, ErrorText text) const;
  std::shared_ptr<const std::string> page(const Page& page, Instant now);
  void commit(Trunk& trunk, PairPtr pair, Instant now);
  // spoil.cpp
  Response instead(Exchange& exchange, const Fault& fault);
  Response spoil(Exchange& exchange, const Fault& fault, Response response);
  Response too_many_requests(Exchange& exchange, Duration retry_after, RetryHint hint);
  // edits.cpp
  Result<> change(const KnobChange& change, Instant now);
  Result<> check_edit(const Edit& edit, Instant now);
  void carry_out(const Edit& edit, Instant now);
  void recreate(Trunk& trunk, const PairPtr& pair, Instant now);
  void order_serving(const ServeOrder& order, Instant now);
  PairPtr pair_of(const Edit& edit, Instant now) const;
  // admin.cpp
  Response admin(const Request& request);
  std::string admin_state(Instant now) const;
  std::string admin_requests(const Request& request) const;
  std::string admin_violations() const;
  std::string admin_summary() const;
  std::string admin_knobs() const;
};

}  // namespace trunkform::sim
