#include "providers/genesys/client.hpp"

#include <fmt/format.h>

#include "providers/cloud/json_text.hpp"
#include "providers/genesys/binder.hpp"
#include "providers/genesys/exchange.hpp"
#include "providers/genesys/listing.hpp"
#include "providers/genesys/paths.hpp"

namespace trunkform::genesys {
namespace {

class GuideClient final : public TrunkApi {
 public:
  GuideClient(Options options, HttpClient& http, Clock& clock, Random& random, x509::FactsCache& facts)
      : m_session(std::move(options), http, clock, random),
        m_tokens(m_session),
        m_exchange(m_session, m_tokens),
        m_facts(facts) {}

  Result<Organisation> organisation(const Context& context) override {
    Call call;
    call.path = k_organisation_path;
    auto answer = m_exchange.call(context, call);
    if (!answer && (answer.error().status == 403 || answer.error().status == 404)) return unnamed_organisation();
    if (!answer) return std::move(answer.error().error);
    const auto fields = cloud::string_fields(answer->body, {"id", "name"});
    if (fields[0].empty()) return lying_answer(call.name(), *answer, "no organisation: there is no id");
    return Organisation{fields[0], fields[1], true, client_words()};
  }

  Result<std::vector<LiveTrunk>> list(const Context& context, const ListProgress& progress) override {
    const auto concurrency = m_session.options().concurrency;
    auto trunks = Listing(m_exchange, m_facts, concurrency, progress).read(context);
    // Somebody added or removed a trunk between two pages: that is over by now.
    if (!trunks && trunks.error().code == ErrorCode::conflict)
      return Listing(m_exchange, m_facts, concurrency, progress).read(context);
    return trunks;
  }

  Result<LiveTrunk> get(const Context& context, const TrunkId& id) override {
    return read_trunk(m_exchange, m_facts, context, id);
  }

  Result<BindReceipt> bind(const Context& context, const TrunkId& id, const KeyPair& pair,
                           const std::optional<Identity>& from) override {
    return Binder(m_session, m_exchange, m_facts, id, pair, from).run(context);
  }

  std::uint64_t requests() const override { return m_session.requests(); }
  /// The last try may begin as the budget ends.
  Duration longest_call() const override { return m_session.options().retry_budget + m_session.options().timeout; }
  std::optional<Duration> clock_difference() const override { return m_session.clock_difference(); }

 private:
  std::string client_words() const {
    const auto& options = m_session.options();
    const auto client = options.access_token.empty() ? options.client_id : std::string("access-token");
    return fmt::format("{}/{}", options.endpoints.host, client);
  }

  Organisation unnamed_organisation() const { return {client_words(), {}, false, client_words()}; }

  Session m_session;
  TokenSource m_tokens;
  Exchange m_exchange;
  x509::FactsCache& m_facts;
};

}  // namespace

std::unique_ptr<TrunkApi> make_guide_client(Options options, HttpClient& http, Clock& clock, Random& random,
                                            x509::FactsCache& facts) {
  return std::make_unique<GuideClient>(std::move(options), http, clock, random, facts);
}

}  // namespace trunkform::genesys
