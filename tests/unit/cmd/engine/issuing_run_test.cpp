// One request, with an issuer that takes its time, refuses, or errs, and a store that others write to.
#include <deque>

#include <catch2/catch.hpp>

#include "cmd/engine/issuing_stage.hpp"
#include "planner/issuing/plan_issue.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/random.hpp"
#include "providers/stores/files/store.hpp"
#include "providers/x509/authority.hpp"
#include "state/document/fold.hpp"
#include "tests/support/certificate_factory.hpp"

using namespace std::chrono_literals;

namespace trunkform::engine {
namespace {

using Kind = IssueOutcome::Kind;
const Instant k_start = *parse_rfc3339("2026-06-01T12:00:00Z");

class MemoryLog final : public EventLog {
 public:
  std::vector<Event> events;
  Result<EventPage> read(const Context&, Sequence) override { return EventPage{events, events.size(), {}}; }
  Result<Sequence> append(const Context&, const Fence&, Sequence, std::span<Event> more) override {
    for (auto& event : more) {
      event.sequence = events.size() + 1;
      events.push_back(event);
    }
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
  testing::Family family = testing::make_family(k_start);

  std::string place() const override { return "https://ca.example.com"; }
  Checkup examine(const Context&) override { return {}; }
  Result<OrderStatus> submit(const Context&, const IssueOrder& order) override {
    calls.emplace_back("submit");
    return next(order);
  }
  Result<OrderStatus> poll(const Context&, const std::string& ref, const IssueOrder& order) override {
    calls.push_back("poll " + ref);
    return next(order);
  }
  Result<std::optional<OrderStatus>> find(const Context&, const IssueOrder&) override {
    calls.emplace_back("find");
    return known;
  }
  Result<> revoke(const Context&, const std::string&, RevocationReason) override { return {}; }

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

FakeIssuer::Answer pending(const std::string& ref, Duration retry_after = 5s) {
  return [=](const IssueOrder&) { return OrderStatus(OrderPending{ref, retry_after}); };
}
FakeIssuer::Answer fails(ErrorCode code, const std::string& what) {
  return [=](const IssueOrder&) { return Error(code, what); };
}

/// Lets somebody else act right after a key was staged.
class WatchedStore final : public SecretStore {
 public:
  WatchedStore(FileSystem& files, const Path& folder, std::function<void()>& after_stage)
      : m_real(files, folder, 10), m_after_stage(after_stage) {}
  WriteGuarantee guarantee() const override { return m_real.guarantee(); }
  Result<std::string> place(const Context& context) override { return m_real.place(context); }
  Result<std::optional<StoredVersion>> current(const Context& context) override { return m_real.current(context); }
  Result<std::optional<StagedKey>> staged(const Context& context) override { return m_real.staged(context); }
  Result<> stage(const Context& context, const StagedKey& key, const std::optional<std::string>& instead_of) override {
    TRY(m_real.stage(context, key, instead_of));
    if (m_after_stage) m_after_stage();
    return {};
  }
  Result<VersionId> promote(const Context& context, const std::string& request, const KeyPair& pair,
                            const std::optional<VersionId>& expected) override {
    return m_real.promote(context, request, pair, expected);
  }
  Result<> unstage(const Context& context, const std::string& request) override {
    return m_real.unstage(context, request);
  }

 private:
  stores::FilesStore m_real;
  std::function<void()>& m_after_stage;
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
                          return std::make_unique<WatchedStore>(files, at.arguments.at("path"), after_stage);
                        },
                        [this](const std::string&, const std::string&) {
                          return refused_place ? Result<>(*refused_place) : Result<>();
                        }}};
  IssuingHands hands{places, sources, clock, random, log};
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
    return issue_certificate(context, hands, planned, known.address.empty() ? nullptr : &known);
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

}  // namespace

TEST_CASE("an order that takes its time is polled as the issuer says, and its reference is in the log before that") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 20s), [&](const IssueOrder&) {
                             CHECK(bench.record().open->order == "order/1");
                             CHECK(bench.clock.now() == k_start + 20s);
                             return Result<OrderStatus>(OrderPending{"order/1", 1min});
                           }};
  const auto done = bench.run();
  CHECK(done.kind == Kind::issued);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "poll order/1", "poll order/1"});
  CHECK(bench.clock.now() == k_start + 80s);
  CHECK_FALSE(bench.record().open);
  CHECK_FALSE(bench.has_staged_key());
}

TEST_CASE("what is not signed in time is left to the next run, which orders nothing again") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  CHECK(bench.run().kind == Kind::pending);
  CHECK(bench.has_staged_key());
  REQUIRE(bench.record().open);
  CHECK(bench.plan().cause == IssueCause::resumed);
  CHECK(bench.run().kind == Kind::issued);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "poll order/1"});
  CHECK(bench.versions() == 1);
}

TEST_CASE("an issuer that kept one waiting in vain is not waited for again, and trunks that need none of it go on") {
  Bench bench;
  Plan plan;
  const auto add = [&](const std::string& name, const std::string& issuer) {
    auto planned = bench.plan();
    planned.request.address = "certificate.issued." + name;
    planned.request.issuer = {"fake", {{"url", issuer}}};
    planned.request.store = {"files", {{"path", "/" + name}}};
    planned.request.source = {
        "pem_files", {{"chain", "/" + name + "/live/chain.pem"}, {"private_key", "/" + name + "/live/key.pem"}}};
    plan.issues.push_back(std::move(planned));
  };
  add("a", "slow");
  add("b", "slow");
  add("c", "slow");
  (void)bench.places.issuer(plan.issues.front().request.issuer);
  bench.issuer->answers = {pending("order/a", 4min), pending("order/a", 4min), pending("order/a", 4min),
                           pending("order/b", 1min)};
  const auto began = bench.clock.now();
  const auto summary = issue_all({}, bench.hands, plan, std::nullopt);
  CHECK(summary.pending == 2);
  CHECK(summary.issued == 1);  // what is signed at once is taken all the same
  CHECK(bench.clock.now() - began == 8min);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "poll order/a", "poll order/a", "submit", "submit"});
}

TEST_CASE("a throttled or unreachable issuer leaves the request open; a refusal ends it") {
  for (const auto code : {ErrorCode::throttled, ErrorCode::unavailable, ErrorCode::denied}) {
    Bench bench;
    bench.issuer->answers = {fails(code, "not now")};
    const auto done = bench.run();
    CHECK(done.kind == Kind::failed);
    CHECK(done.error->code == code);
    CHECK(done.error->address == "certificate.issued.sip");
    CHECK(bench.record().open);
    CHECK(bench.has_staged_key());
    CHECK(bench.run().kind == Kind::issued);
    CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "find", "submit"});
  }
  Bench refused;
  refused.issuer->answers = {fails(ErrorCode::rejected, "sip.example.com is forbidden by policy")};
  CHECK(refused.run().kind == Kind::failed);
  CHECK_FALSE(refused.record().open);
  CHECK_FALSE(refused.has_staged_key());
  REQUIRE(std::holds_alternative<IssueEnded>(refused.events.events.back().body));
  CHECK(std::get<IssueEnded>(refused.events.events.back().body).message == "sip.example.com is forbidden by policy");
}

TEST_CASE("a run that is asked to stop says what it keeps, and the next one goes on") {
  Bench bench;
  std::stop_source stop;
  Context context;
  context.stop = stop.get_token();
  bench.issuer->answers = {[&](const IssueOrder&) {
    stop.request_stop();
    return OrderStatus(OrderPending{"order-1", 5s});
  }};
  const auto stopped = bench.run(bench.plan(), context);
  REQUIRE(stopped.error);
  CHECK(stopped.error->code == ErrorCode::cancelled);
  CHECK(stopped.error->summary == "the run was asked to stop before the certificate was in its store");
  CHECK(stopped.error->detail == "its key is staged in files(path=/sip), and it is ordered: order-1");
  CHECK(stopped.error->hints.front().find("with the same key and order") != std::string::npos);
  CHECK(bench.run().kind == Kind::issued);
  CHECK(bench.issuer->calls.back() == "poll order-1");
}

TEST_CASE("an order that the issuer forgot ends its request, and the next run makes another") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min), fails(ErrorCode::not_found, "no such order")};
  CHECK(bench.run().kind == Kind::pending);
  CHECK(bench.run().kind == Kind::failed);
  CHECK_FALSE(bench.record().open);
  CHECK(bench.plan().cause == IssueCause::first);
  CHECK(bench.run().kind == Kind::issued);
}

TEST_CASE("an order that waits for longer than a day loses its key to another state, and is given up") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  bench.clock.advance(25h);
  stores::FilesStore store(bench.files, "/sip", 10);
  const auto ours = store.staged({}).value()->request;
  REQUIRE(store.stage({}, {"theirs", bench.clock.now(), SecretBuffer::copy_of(bench.issuer->family.leaf.key.text())},
                      ours));
  const auto done = bench.run();
  CHECK(done.kind == Kind::failed);
  CHECK(done.error->code == ErrorCode::conflict);
  CHECK(done.error->hints.back().find("trunkform issuer unstage certificate.issued.sip") != std::string::npos);
  CHECK_FALSE(bench.record().open);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit"});
  CHECK(store.staged({}).value()->request == "theirs");
  bench.somebody_issues();
  REQUIRE(store.unstage({}, "theirs"));
  bench.sources.forget(bench.request.source);  // as another run
  CHECK(bench.plan().cause == IssueCause::none);
}

TEST_CASE("what keeps a run from going on is an event; what it gave up is told once") {
  const auto failures = [](const Bench& bench) {
    std::vector<std::string> messages;
    for (const auto& event : bench.events.events)
      if (const auto* failed = std::get_if<IssueFailed>(&event.body)) messages.push_back(failed->message);
    return messages;
  };
  Bench bench;
  bench.issuer->answers = {fails(ErrorCode::unavailable, "no answer"), fails(ErrorCode::cancelled, "stopped"),
                           fails(ErrorCode::rejected, "forbidden")};
  CHECK(bench.run().kind == Kind::failed);
  CHECK(failures(bench) == std::vector<std::string>{"no answer"});
  CHECK(bench.run().kind == Kind::failed);
  CHECK(bench.run().kind == Kind::failed);
  CHECK(failures(bench).size() == 1);

  Bench closed;
  closed.places_are_closed = true;
  const auto done = closed.run();
  CHECK(done.kind == Kind::failed);
  CHECK(done.error->summary == "no store today");
  CHECK(failures(closed) == std::vector<std::string>{"no store today"});
  CHECK(closed.events.events.size() == 1);
}

TEST_CASE("what an issuer signed before the run died is found again, where it can say so") {
  Bench bench;
  bench.issuer->answers = {[&](const IssueOrder& order) -> Result<OrderStatus> {
    bench.issuer->known = bench.issuer->sign(order).value();
    return Error(ErrorCode::outcome_unknown, "the answer was lost");
  }};
  CHECK(bench.run().kind == Kind::failed);
  CHECK(bench.run().kind == Kind::issued);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "find"});
}

TEST_CASE("other names, another key or an end in the past are not put where bindings read") {
  const auto refuses = [](FakeIssuer::Answer answer, const std::string& words) {
    Bench bench;
    bench.issuer->answers = {std::move(answer)};
    const auto done = bench.run();
    CHECK(done.kind == Kind::failed);
    REQUIRE(done.error);
    CHECK(done.error->summary.find(words) != std::string::npos);
    CHECK(bench.versions() == 0);
    CHECK_FALSE(bench.has_staged_key());
    CHECK_FALSE(bench.record().open);
    REQUIRE(bench.record().amiss);
    CHECK(bench.record().amiss->why.find(words) != std::string::npos);
    CHECK(bench.record().amiss->asked.names == bench.request.names);
  };
  const FakeIssuer other;
  refuses(
      [&](const IssueOrder& order) {
        const auto authority = x509::parse_certificates(other.family.intermediate.pem).value().front();
        const auto leaf = x509::sign_certificate(authority, SecretBuffer::copy_of(other.family.intermediate.key.text()),
                                                 {order.csr_der, order.names, "41", k_start - 48h, k_start - 24h});
        return Result<OrderStatus>(OrderIssued{x509::to_pem(leaf.value()) + other.family.intermediate.pem});
      },
      "has ended already");
  refuses([&](const IssueOrder& order) { return other.sign(order, {"other.example.com"}); }, "other names");
  refuses([&](const IssueOrder&) { return Result<OrderStatus>(OrderIssued{other.family.chain_pem()}); }, "another key");
  refuses([&](const IssueOrder&) { return Result<OrderStatus>(OrderIssued{"no certificate"}); },
          "no certificate with its chain");
}

TEST_CASE("of two runs under two states the one that stages second orders nothing") {
  Bench bench;
  bench.after_stage = [&] { bench.somebody_issues(); };
  const auto done = bench.run();
  CHECK(done.kind == Kind::there_already);
  CHECK(bench.issuer->calls.empty());
  CHECK(bench.versions() == 1);
  CHECK_FALSE(bench.has_staged_key());
  CHECK_FALSE(bench.record().open);
}

TEST_CASE("a certificate that somebody put there meanwhile, and that is not what is asked for, is told") {
  Bench bench;
  bench.request.names = {"sip.example.com", "sip2.example.com"};
  const auto planned = bench.plan();
  bench.somebody_issues();
  const auto done = bench.run(planned);
  CHECK(done.kind == Kind::failed);
  CHECK(done.error->code == ErrorCode::conflict);
  CHECK(bench.issuer->calls.empty());
  CHECK(bench.versions() == 1);
}

TEST_CASE("a key that is used again is the one before, unless its type is another") {
  const auto key = [](Bench& bench) { return bench.sources.stored({}, bench.request.source)->chain->leaf().key; };
  Bench bench;
  REQUIRE(bench.run().kind == Kind::issued);
  const auto first = key(bench);
  bench.request.reuse_key = true;
  bench.clock.advance(24h * 60);
  REQUIRE(bench.plan().cause == IssueCause::due);
  REQUIRE(bench.run().kind == Kind::issued);
  CHECK(key(bench).spki == first.spki);
  bench.request.key = KeyType::ecdsa_p384;
  REQUIRE(bench.plan().cause == IssueCause::key_changed);
  REQUIRE(bench.run().kind == Kind::issued);
  CHECK(key(bench).bits == 384);
}

TEST_CASE("what is left of a block that is gone, and of a request that is another by now, is taken back with its key") {
  for (const auto kind : {Leftover::Kind::block, Leftover::Kind::request}) {
    Bench bench;
    bench.issuer->answers = {pending("order/1", 11min)};
    REQUIRE(bench.run().kind == Kind::pending);
    REQUIRE(bench.has_staged_key());
    const auto record = bench.record();
    const auto left = clear_away({}, bench.hands, {&record, kind});
    REQUIRE(left);
    CHECK_FALSE(*left);
    CHECK_FALSE(bench.has_staged_key());
    CHECK(std::holds_alternative<IssueForgotten>(bench.events.events.back().body) == (kind == Leftover::Kind::block));
    CHECK_FALSE(bench.record().open);
  }
}

TEST_CASE("a staged key that is somebody else's is left where it is") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  auto record = bench.record();
  record.open->request = "another";
  REQUIRE(clear_away({}, bench.hands, {&record, Leftover::Kind::block}));
  CHECK(bench.has_staged_key());
}

TEST_CASE("a key that cannot be removed keeps nobody from forgetting its request, and is told with where it lies") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  const auto record = bench.record();
  bench.refused_place = Error(ErrorCode::untrusted, "/sip may not be written");
  const auto left = clear_away({}, bench.hands, {&record, Leftover::Kind::block});
  REQUIRE(left);
  REQUIRE(*left);
  CHECK((*left)->address == "certificate.issued.sip");
  CHECK((*left)->detail.find("files(path=/sip)") != std::string::npos);
  REQUIRE((*left)->causes.size() == 1);
  CHECK((*left)->causes.front().summary == "/sip may not be written");
  CHECK(bench.has_staged_key());
  CHECK(bench.record().address.empty());
}

TEST_CASE("where the state names a place that nobody allowed, nothing is asked of it") {
  Bench bench;
  bench.refused_place = Error(ErrorCode::untrusted, "/sip may not be written");
  const auto done = bench.run();
  CHECK(done.kind == Kind::failed);
  CHECK(done.error->code == ErrorCode::untrusted);
  CHECK(bench.issuer->calls.empty());
  CHECK_FALSE(bench.has_staged_key());
  REQUIRE(bench.events.events.size() == 1);
  CHECK(std::holds_alternative<IssueFailed>(bench.events.events.front().body));
}

TEST_CASE("a staged key that is gone makes its order worthless") {
  Bench bench;
  bench.issuer->answers = {pending("order/1", 11min)};
  REQUIRE(bench.run().kind == Kind::pending);
  REQUIRE(bench.files.remove("/sip/pending.pem"));
  REQUIRE(bench.run().kind == Kind::issued);
  CHECK(bench.issuer->calls == std::vector<std::string>{"submit", "find", "submit"});
}

}  // namespace trunkform::engine
