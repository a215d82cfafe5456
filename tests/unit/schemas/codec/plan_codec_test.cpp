#include "schemas/codec/plan_codec.hpp"

#include <catch2/catch.hpp>

#include "schemas/codec/digest.hpp"
#include "tests/unit/schemas/codec/model_equality.hpp"
#include "tests/unit/schemas/codec/random_model.hpp"

using namespace trunkform;
using trunkform::testing::RandomModel;

namespace {

class RandomPlan {
 public:
  explicit RandomPlan(std::uint64_t seed) : m_random(seed) {}

  Plan plan() {
    Plan plan;
    plan.tool_version = m_random.text();
    plan.created = m_random.instant();
    plan.destroy = m_random.coin();
    plan.refresh_only = m_random.coin();
    plan.ignore_window = m_random.coin();
    if (m_random.coin()) plan.state = StateToken{m_random.text(), m_random.below(1U << 30U)};
    plan.organisation = {m_random.text(), m_random.text(), m_random.coin()};
    plan.service = m_random.text();
    for (auto n = m_random.below(3); n > 0; --n) plan.variables[m_random.text()] = m_random.text();
    for (auto n = m_random.below(3); n > 0; --n) plan.sensitive_variables.push_back(m_random.text());
    for (auto n = m_random.below(3); n > 0; --n) plan.file_digests[m_random.text()] = m_random.text();
    for (auto n = m_random.below(3); n > 0; --n)
      plan.leftovers.push_back({m_random.text(), m_random.coin(), perhaps(), m_random.text(), m_random.text()});
    for (auto n = m_random.below(3); n > 0; --n) plan.issues.push_back(issue());
    for (auto n = m_random.below(5); n > 0; --n) plan.changes.push_back(change());
    for (auto n = m_random.below(3); n > 0; --n)
      plan.waves.push_back({m_random.text(),
                            m_random.coin(),
                            {m_random.address(), m_random.address()},
                            1 + m_random.below(4),
                            duration(),
                            duration()});
    for (auto n = m_random.below(3); n > 0; --n)
      plan.outputs.push_back({m_random.text(), m_random.text(), m_random.text(), m_random.coin(),
                              one_of({Action::no_op, Action::create, Action::update, Action::remove})});
    for (auto n = m_random.below(3); n > 0; --n)
      plan.diagnostics.push_back({m_random.coin() ? Severity::error : Severity::warning, error()});
    plan.requests = m_random.below(100000);
    plan.estimate = duration();
    return plan;
  }

 private:
  RandomModel m_random;

  template <class T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[m_random.below(values.size())];
  }
  Duration duration() { return Duration(m_random.below(1U << 30U)); }
  std::optional<Instant> perhaps() { return m_random.coin() ? std::optional(m_random.instant()) : std::nullopt; }

  Error error() {
    Error error(one_of({ErrorCode::conflict, ErrorCode::internal, ErrorCode::io, ErrorCode::rejected}), m_random.text(),
                m_random.text());
    error.address = m_random.text();
    for (auto n = m_random.below(3); n > 0; --n) error.hints.push_back(m_random.text());
    if (m_random.below(3) == 0) error.causes.push_back(this->error());
    return error;
  }

  Binding binding(const Address& address) {
    Binding binding;
    binding.address = address;
    if (m_random.coin())
      binding.trunk = TrunkByName{m_random.text()};
    else
      binding.trunk = TrunkById{TrunkId{m_random.text()}};
    binding.certificate = m_random.text();
    binding.locator = m_random.locator();
    binding.identity = {m_random.text()};
    binding.carrier.edit().label = m_random.text();
    if (m_random.coin()) binding.carrier.edit().trust_store = SharedText(m_random.text() + "roots");
    binding.carrier.edit().root = one_of({RootHandling::omit, RootHandling::include});
    binding.carrier.edit().mutual_tls = m_random.coin();
    binding.carrier.edit().key_types = {m_random.text()};
    binding.rollout.edit().label = m_random.text();
    binding.rollout.edit().canary = static_cast<int>(m_random.below(9));
    binding.rollout.edit().stagger = duration();
    binding.rollout.edit().on_failure = one_of({OnFailure::rollback, OnFailure::stop, OnFailure::proceed});
    binding.rotate.edit().lifetime_left = 0.1 + static_cast<double>(m_random.below(80)) / 100;
    if (m_random.coin()) binding.rotate.edit().critical = duration();
    if (m_random.coin())
      binding.rotate.edit().windows.push_back(
          {{0, 6}, std::chrono::minutes(m_random.below(1440)), duration(), m_random.text(), {m_random.text()}});
    if (m_random.coin()) {
      binding.verify.edit().tls.emplace();
      binding.verify.edit().tls->host = m_random.text();
      binding.verify.edit().tls->within = duration();
      if (m_random.coin()) binding.verify.edit().tls->location = Location::sips_domain;
    }
    if (m_random.coin())
      binding.verify.edit().call =
          CallPolicy{m_random.text(), m_random.text(), {180, static_cast<int>(m_random.below(699))}, duration()};
    binding.verify.edit().sip_options = m_random.coin();
    binding.adopt = m_random.coin();
    binding.replace_compromised = m_random.coin();
    binding.prevent_destroy = m_random.coin();
    if (m_random.coin()) {
      binding.group = m_random.text() + "g";
      binding.colour = one_of({Colour::green, Colour::blue});
    }
    binding.notify = {m_random.text()};
    return binding;
  }

  PlannedIssue issue() {
    PlannedIssue issue;
    const auto open = m_random.open_issue();
    const IssueTerms& terms = open;
    static_cast<IssueTerms&>(issue.request) = terms;
    issue.request.address = "certificate.issued." + m_random.text();
    issue.request.issuer_address = m_random.text();
    issue.request.store_address = m_random.text();
    issue.request.source = m_random.locator();
    issue.request.reuse_key = m_random.coin();
    issue.cause = one_of({IssueCause::none, IssueCause::resumed, IssueCause::issuer_changed, IssueCause::due});
    if (m_random.coin()) issue.error = error();
    if (m_random.coin()) issue.before = m_random.chain();
    if (m_random.coin()) issue.replaces = VersionId{m_random.text()};
    issue.renews_on = perhaps();
    if (m_random.coin()) issue.window = RenewalWindow{m_random.instant(), m_random.instant(), m_random.text()};
    issue.resumes = m_random.text();
    issue.gives_up = m_random.text();
    issue.is_unwanted = m_random.coin();
    if (m_random.coin()) issue.notes.push_back(m_random.text());
    return issue;
  }

  PlannedChange change() {
    PlannedChange change;
    change.address = m_random.address();
    change.action =
        one_of({Action::no_op, Action::create, Action::update, Action::remove, Action::forget, Action::adopt});
    change.cause = one_of({Cause::not_due, Cause::resumed, Cause::chain_repair, Cause::destroyed});
    change.health = one_of({Health::healthy, Health::critical, Health::unknown});
    change.relation = one_of({Relation::same, Relation::pending, Relation::unknown});
    change.gate = one_of({Gate::none, Gate::stale_configuration, Gate::prevent_destroy, Gate::quarantined});
    if (m_random.coin()) change.error = error();
    change.evidence = one_of({Evidence::none, Evidence::wire, Evidence::state});
    if (m_random.coin()) change.binding = binding(change.address);
    if (m_random.coin()) change.trunk_id = TrunkId{m_random.text()};
    change.trunk_name = m_random.text();
    change.trunk_status = m_random.text();
    if (m_random.coin()) change.before = m_random.chain();
    if (m_random.coin()) change.after = m_random.chain();
    if (m_random.coin()) change.meanwhile = m_random.chain();
    if (m_random.coin()) change.version = VersionId{m_random.text()};
    change.capability = one_of({Capability::sealed, Capability::partial, Capability::opaque});
    change.effective_expiry = perhaps();
    change.not_before = perhaps();
    change.deadline = perhaps();
    change.rotates_on = perhaps();
    change.awaiting_source = m_random.coin();
    change.no_way_back = m_random.coin();
    change.held_back = m_random.coin();
    if (m_random.coin())
      change.findings.push_back({m_random.text(), Verdict::warn, m_random.text(), m_random.text(), m_random.text()});
    if (m_random.coin()) change.drift.push_back({Drift::Kind::trunk_renamed, m_random.text()});
    if (m_random.coin()) change.notes.push_back(m_random.text());
    change.wave = static_cast<int>(m_random.below(4)) - 1;
    return change;
  }
};

std::string redigested(std::string bytes) {
  const auto at = bytes.rfind(",\n\"sha256\":\"");
  REQUIRE(at != std::string::npos);
  return bytes.substr(0, at) + ",\n\"sha256\":\"" + sha256_hex(bytes.substr(0, at)) + "\"}\n";
}

}  // namespace

TEST_CASE("a random plan survives the way to bytes and back") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    auto plan = RandomPlan(seed).plan();
    const auto bytes = encode_plan(plan);
    INFO("seed " << seed << "\n" << bytes);
    auto decoded = decode_plan(bytes);
    INFO((decoded ? "" : to_line(decoded.error())));
    REQUIRE(decoded);
    REQUIRE(decoded->digest == plan.digest);
    auto again = *decoded;
    REQUIRE(encode_plan(again) == bytes);
    REQUIRE(decoded->issues.size() == plan.issues.size());
    for (std::size_t i = 0; i < plan.issues.size(); ++i) {
      const auto& was = plan.issues[i];
      const auto& is = decoded->issues[i];
      REQUIRE(static_cast<const IssueTerms&>(is.request) == was.request);
      REQUIRE(is.request.address == was.request.address);
      REQUIRE(is.request.source == was.request.source);
      REQUIRE(is.request.reuse_key == was.request.reuse_key);
      REQUIRE(is.cause == was.cause);
      REQUIRE(testing::same(is.before, was.before));
      REQUIRE(is.replaces == was.replaces);
      REQUIRE(is.renews_on == was.renews_on);
      REQUIRE(is.is_unwanted == was.is_unwanted);
    }
    REQUIRE(decoded->changes.size() == plan.changes.size());
    for (std::size_t i = 0; i < plan.changes.size(); ++i) {
      const auto& was = plan.changes[i];
      const auto& is = decoded->changes[i];
      REQUIRE(is.address == was.address);
      REQUIRE(testing::same(is.before, was.before));
      REQUIRE(testing::same(is.after, was.after));
      REQUIRE(testing::same(is.meanwhile, was.meanwhile));
      REQUIRE(is.not_before == was.not_before);
      REQUIRE(is.wave == was.wave);
      REQUIRE(is.binding.has_value() == was.binding.has_value());
      if (was.binding) {
        REQUIRE(is.binding->locator == was.binding->locator);
        REQUIRE(is.binding->carrier == was.binding->carrier);
        REQUIRE(is.binding->rollout == was.binding->rollout);
        REQUIRE(is.binding->rotate == was.binding->rotate);
        REQUIRE(is.binding->verify == was.binding->verify);
        REQUIRE(binding_digest(*is.binding) == binding_digest(*was.binding));
      }
    }
    REQUIRE(encode_plan(*decoded) == bytes);
  }
}

TEST_CASE("a plan file with one byte changed is refused, wherever it is") {
  auto plan = RandomPlan(11).plan();
  const auto bytes = encode_plan(plan);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    const auto decoded = decode_plan(flipped);
    INFO("byte " << at << " of " << bytes.size());
    REQUIRE_FALSE(decoded);
    REQUIRE(decoded.error().code == ErrorCode::corrupt);
  }
}

TEST_CASE("a plan file cut off anywhere is refused") {
  auto plan = RandomPlan(12).plan();
  const auto bytes = encode_plan(plan);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto decoded = decode_plan(std::string_view(bytes).substr(0, length));
    REQUIRE_FALSE(decoded);
    REQUIRE(decoded.error().code == ErrorCode::corrupt);
  }
}

TEST_CASE("bytes after the end are refused") {
  auto plan = RandomPlan(13).plan();
  CHECK_FALSE(decode_plan(encode_plan(plan) + " "));
}

TEST_CASE("a newer plan format is unsupported, not damaged") {
  auto plan = RandomPlan(14).plan();
  auto bytes = encode_plan(plan);
  const std::string format = "\"format\":1";
  bytes.replace(bytes.find(format), format.size(), "\"format\":2,\"needs\":\"0.9.0\"");
  const auto decoded = decode_plan(redigested(bytes));
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error().code == ErrorCode::unsupported);
}

TEST_CASE("an unknown member, a word that is none and another document are refused even with the right digest") {
  Plan plan;
  plan.tool_version = "1";
  const auto bytes = encode_plan(plan);
  const auto with = [&](const std::string& from, const std::string& to) {
    auto changed = bytes;
    REQUIRE(changed.find(from) != std::string::npos);
    changed.replace(changed.find(from), from.size(), to);
    return redigested(changed);
  };
  REQUIRE(decode_plan(redigested(bytes)));
  for (const auto& changed :
       {with("\"requests\":0", "\"requests\":0,\"more\":1"), with("\"trunkform plan\"", "\"terraform plan\""),
        with("\"requests\":0", "\"requests\":\"none\""), with("\"requests\":0", "\"requests\":-1")}) {
    const auto decoded = decode_plan(changed);
    INFO(changed);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == ErrorCode::corrupt);
  }
}

TEST_CASE("where a block stands is no part of what was reviewed") {
  Binding binding;
  binding.address.type = "genesys_trunk_certificate";
  binding.address.name = "a";
  auto moved = binding;
  moved.source.file = "other.trunk.json";
  moved.source.start.line = 99;
  CHECK(binding_digest(binding) == binding_digest(moved));
  moved.rotate.edit().min_age += Duration(1);
  CHECK(binding_digest(binding) != binding_digest(moved));
}
