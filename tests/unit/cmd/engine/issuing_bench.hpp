#pragma once
// One request without a service or trunks: an issuer that answers as a test says, a store of files that others may
// write to, and a log in memory.
#include <deque>

#include <catch2/catch.hpp>

#include "cmd/engine/issuing_leftovers.hpp"
#include "cmd/engine/issuing_stage.hpp"
#include "planner/issuing/plan_issue.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/random.hpp"
#include "providers/stores/files/store.hpp"
#include "providers/x509/authority.hpp"
#include "state/document/fold.hpp"
#include "tests/support/certificate_factory.hpp"

namespace trunkform::engine::issuing_bench {

using namespace std::chrono_literals;
using Kind = IssueOutcome::Kind;
const Instant k_start = *parse_rfc3339("2026-06-01T12:00:00Z");

/// What is told of each step into the world, before it and behind it: a test may end the run there.
using Steps = std::function<void(const std::string& step)>;

class MemoryLog final : public EventLog {
 public:
  std::vector<Event> events;
  Steps passes;
  bool is_of_another = false;  ///< somebody else has the lock by now
  Result<EventPage> read(const Context&, Sequence) override { return EventPage{events, events.size(), {}}; }
  Result<Sequence> append(const Context&, const Fence&, Sequence, std::span<Event> more) override {
    if (is_of_another) return Error(ErrorCode::fenced, "another run has the lock");
    const auto what = more.empty() ? std::string() : std::string(kind_of(more.front().body));
    if (passes) passes("before " + what);
    for (auto& event : more) {
      event.sequence = events.size() + 1;
      events.push_back(event);
    }
    if (passes) passes("behind " + what);
    return Sequence(events.size());
  }
};

/// Signs with the family's intermediate, unless the next of `answers` says something else.
class FakeIssuer final : public Issuer {
 public:
  using Answer = std::function<Result<OrderStatus>(const IssueOrder&)>;
  std::deque<Answer> answers;
  std::vector<std::string> calls;  ///< `submit`, `poll REF`, `find`
  std::optional<OrderStatus> known;
  /// Instead of `answers`, where it is set. `ref` is empty for a new order.
  std::function<Result<OrderStatus>(const std::string& ref, const IssueOrder& order)> serve;
  testing::Family family = testing::make_family(k_start);

  std::string place() const override { return "https://ca.example.com"; }
  Checkup examine(const Context&) override { return {}; }
  Result<OrderStatus> submit(const Context&, const IssueOrder& order) override {
    calls.emplace_back("submit");
    return serve ? serve("", order) : next(order);
  }
  Result<OrderStatus> poll(const Context&, const std::string& ref, const IssueOrder& order) override {
    calls.push_back("poll " + ref);
    return serve ? serve(ref, order) : next(order);
  }
  Result<std::optional<OrderStatus>> find(const Context&, const IssueOrder&) override {
    calls.emplace_back("find");
    return known;
  }
  std::function<Result<>()> revokes_it;  ///< null: it does
  Result<> revoke(const Context&, const std::string&, RevocationReason) override {
    return revokes_it ? revokes_it() : Result<>();
  }

  Result<OrderStatus> sign(const IssueOrder& order) const { return sign(order, order.names); }
  Result<OrderStatus> sign(const IssueOrder& order, const std::vector<std::string>& names) const {
    const auto authority = x509::parse_certificates(family.intermediate.pem).value().front();
    const auto leaf = x509::sign_certificate(authority, SecretBuffer::copy_of(family.intermediate.key.text()),
                                             {order.csr_der, names, "41", k_start - 5min, k_start + 24h * 90});
    return OrderStatus(OrderIssued{x509::to_pem(leaf.value()) + family.intermediate.pem});
  }

 private:
  Result<OrderStatus> next(const IssueOrder& order) {
    if (answers.empty()) return sign(order);
    const auto answer = std::move(answers.front());
    answers.pop_front();
    return answer(order);
  }
};

inline FakeIssuer::Answer pending(const std::string& ref, Duration retry_after = 5s) {
  return [=](const IssueOrder&) { return OrderStatus(OrderPending{ref, retry_after}); };
}
inline FakeIssuer::Answer fails(ErrorCode code, const std::string& what) {
  return [=](const IssueOrder&) { return Error(code, what); };
}

/// Lets somebody else act right after a key was staged, and tells of its steps.
class WatchedStore final : public SecretStore {
 public:
  WatchedStore(FileSystem& files, const Path& folder, std::function<void()>& after_stage, const Steps& passes)
      : m_real(files, folder, 10), m_after_stage(after_stage), m_passes(passes) {}
  WriteGuarantee guarantee() const override { return m_real.guarantee(); }
  Result<std::string> place(const Context& context) override { return m_real.place(context); }
  Result<> may_take_keys() override { return m_real.may_take_keys(); }
  Result<std::optional<StoredVersion>> current(const Context& context) override { return m_real.current(context); }
  Result<std::optional<StagedKey>> staged(const Context& context) override { return m_real.staged(context); }
  Result<> stage(const Context& context, const StagedKey& key, const std::optional<std::string>& instead_of) override {
    pass("before stage");
    TRY(m_real.stage(context, key, instead_of));
    pass("behind stage");
    if (m_after_stage) m_after_stage();
    return {};
  }
  Result<VersionId> promote(const Context& context, const std::string& request, const KeyPair& pair,
                            const std::optional<VersionId>& expected) override {
    pass("before promote");
    auto version = m_real.promote(context, request, pair, expected);
    pass("behind promote");
    return version;
  }
  Result<> unstage(const Context& context, const std::string& request) override {
    pass("before unstage");
    auto gone = m_real.unstage(context, request);
    pass("behind unstage");
    return gone;
  }

 private:
  stores::FilesStore m_real;
  std::function<void()>& m_after_stage;
  const Steps& m_passes;

  void pass(const char* step) const {
    if (m_passes) m_passes(step);
  }
};

struct Bench {
  platform::SimulatedClock clock{k_start};
  platform::SeededRandom random{3};
  platform::SimulatedFileSystem files;
  x509::FactsCache facts;
  Sources sources{files, "/", {}, clock, facts};
  MemoryLog events;
  RunLog log{events, clock, Fence{}, 0, {"run", "ann@host", ""}};
  FakeIssuer* issuer = nullptr;
  std::function<void()> after_stage;
  bool places_are_closed = false;
  std::optional<Error> refused_place;  ///< the operator allows no store
  IssuingPlaces places{{[this](const Locator&) -> Result<std::unique_ptr<Issuer>> {
                          auto made = std::make_unique<FakeIssuer>();
                          issuer = made.get();
                          return made;
                        },
                        [this](const Locator& at) -> Result<std::unique_ptr<SecretStore>> {
                          if (places_are_closed) return Error(ErrorCode::unavailable, "no store today");
                          return std::make_unique<WatchedStore>(files, at.arguments.at("path"), after_stage,
                                                                events.passes);
                        },
                        [this](const std::string&, const std::string&) {
                          return refused_place ? Result<>(*refused_place) : Result<>();
                        }}};
  IssuingHands hands{places, sources, clock, random, log};
  std::set<Fingerprint> revoked;  ///< as the state knows
  IssueRequest request;

  Bench() {
    request.address = "certificate.issued.sip";
    request.names = {"sip.example.com"};
    request.issuer = {"fake", {}};
    request.store = {"files", {{"path", "/sip"}}};
    request.source = {
        "pem_files",
        {{"chain", "/sip/live/chain.pem"}, {"private_key", "/sip/live/key.pem"}, {"versions", "/sip/versions/*/"}}};
    (void)places.issuer(request.issuer);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  IssueRecord record() {
    const auto document = state::fold({}, events.events);
    const auto found = document.issues.find(request.address);
    return found == document.issues.end() ? IssueRecord{} : found->second;
  }
  PlannedIssue plan() {
    auto known = record();
    issuing::IssueInput input{.request = request};
    if (!known.address.empty()) input.record = &known;
    if (auto stored = sources.stored({}, request.source)) {
      input.stored = stored->chain;
      input.version = stored->version;
    }
    input.now = clock.now();
    return issuing::plan_issue(input);
  }
  IssueOutcome run() { return run(plan()); }
  IssueOutcome run(const PlannedIssue& planned, const Context& context = {}) {
    const auto known = record();
    return issue_certificate(context, hands, planned, {known.address.empty() ? nullptr : &known, &revoked});
  }
  bool has_staged_key() { return files.exists("/sip/pending.pem").value(); }
  std::size_t versions() {
    const auto names = files.list("/sip/versions");
    return names ? names->size() : 0;
  }
  /// Another run under another state issues and promotes.
  void somebody_issues() {
    stores::FilesStore store(files, "/sip", 10);
    const auto family = testing::make_family(k_start);
    KeyPair pair;
    pair.chain_pem = family.chain_pem();
    pair.private_key = SecretBuffer::copy_of(family.leaf.key.text());
    const auto current = store.current({}).value();
    REQUIRE(store.promote({}, "another", pair, current ? std::optional(current->version) : std::nullopt));
  }
};

}  // namespace trunkform::engine::issuing_bench
