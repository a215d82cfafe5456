// The contract of schemas/ports/secret_store.hpp, asked of every store.
#include "tests/unit/providers/stores/contract.hpp"

#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "providers/x509/certificates.hpp"
#include "tests/support/certificate_factory.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using trunkform::testing::StoreBench;

namespace trunkform {
/// For messages of the sections.
// NOLINTNEXTLINE(misc-use-internal-linkage): Catch looks for it in the namespace of the type
std::ostream& operator<<(std::ostream& out, const testing::StoreKind& kind) { return out << kind.name; }
}  // namespace trunkform

namespace {

const Context k_any;
const Instant k_since = *parse_rfc3339("2026-11-27T20:00:00Z");
const std::string k_first = "5e0f4a44-57b0-4b0e-9d6f-0123456789ab";
const std::string k_second = "0c1e29f8-8a3b-4c55-8b1e-ba9876543210";
const std::string k_third = "9d2c6b3a-1f4e-4d77-a2b1-00ff00ff00ff";

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(to_line(result.error()));
  return std::move(*result);
}
void must(Result<> result) {
  if (!result) FAIL(to_line(result.error()));
}
template <class T>
void must_conflict(const Result<T>& result) {
  REQUIRE_FALSE(result);
  INFO(to_line(result.error()));
  CHECK(result.error().code == ErrorCode::conflict);
  CHECK_FALSE(result.error().hints.empty());
}

const testing::Family& family() {
  static const auto k_family = testing::make_family(k_since);
  return k_family;
}

struct Pair {
  testing::Issued leaf;
  std::string key = leaf.key.text();
  std::string chain = leaf.pem + family().intermediate.pem;

  KeyPair value() const { return {{}, chain, SecretBuffer::copy_of(key)}; }
};
Pair new_pair() { return {testing::make(testing::leaf_request(k_since), family().intermediate)}; }

StagedKey staged_key(const std::string& request, const std::string& key, Instant since = k_since) {
  return {request, since, SecretBuffer::copy_of(key)};
}

std::string_view trimmed(std::string_view text) { return text.substr(0, text.find_last_not_of('\n') + 1); }
Fingerprint digest_of(const std::string& pem) { return must(x509::chain_digest_of_pem(pem)); }

/// One of the stores, with its place.
struct Asked {
  testing::StoreKind kind = GENERATE(from_range(testing::store_kinds()));
  std::unique_ptr<StoreBench> bench = kind.make();
  std::unique_ptr<SecretStore> store = bench->store();

  std::string staged_request() const {
    const auto key = must(store->staged(k_any));
    return key ? key->request : std::string();
  }
  std::string staged_private_key() const {
    const auto key = must(store->staged(k_any));
    return key ? std::string(trimmed(key->private_key.view())) : std::string();
  }
  VersionId promote(const std::string& request, const Pair& pair, const std::optional<VersionId>& expected) const {
    return must(store->promote(k_any, request, pair.value(), expected));
  }
  std::vector<VersionId> usable_versions() const {
    auto source = bench->source();
    std::vector<VersionId> usable;
    for (const auto& version : must(source->versions(k_any)))
      if (version.status == VersionStatus::usable) usable.push_back(version.id);
    return usable;
  }
  void offers(const Pair& pair, const VersionId& version) const {
    auto source = bench->source();
    const auto described = must(source->describe(k_any, {}, {}));
    CHECK(described.version == version);
    CHECK(digest_of(described.certificates_pem) == digest_of(pair.chain));
    has(pair, version);
  }
  void has(const Pair& pair, const VersionId& version) const {
    const auto fetched = must(bench->source()->fetch(k_any, version));
    CHECK(digest_of(fetched.certificates_pem) == digest_of(pair.chain));
    CHECK(trimmed(fetched.private_key.view()) == trimmed(pair.key));  // an end of line is nobody's
  }
};

/// Base64 of the key's own bytes; a PEM's head is nobody's secret.
std::string canary_of(const std::string& key) {
  const auto begin = key.find('\n') + 1;
  return key.substr(begin, key.find('\n', begin) - begin);
}

}  // namespace

TEST_CASE("an empty store has nothing, and says where it is") {
  const Asked asked;
  INFO(asked.kind.name);
  CHECK_FALSE(must(asked.store->place(k_any)).empty());
  CHECK_FALSE(must(asked.store->current(k_any)));
  CHECK_FALSE(must(asked.store->staged(k_any)));
  must(asked.store->unstage(k_any, k_first));
  CHECK_FALSE(must(asked.store->current(k_any)));
}

TEST_CASE("a staged key is kept, and staging it again leaves it as it is") {
  const Asked asked;
  INFO(asked.kind.name);
  const auto pair = new_pair();
  must(asked.store->stage(k_any, staged_key(k_first, pair.key), {}));
  must(asked.store->stage(k_any, staged_key(k_first, new_pair().key, k_since + 5min), {}));
  const auto staged = must(asked.bench->store()->staged(k_any));
  REQUIRE(staged);
  CHECK(staged->request == k_first);
  CHECK(staged->since == k_since);
  CHECK(trimmed(staged->private_key.view()) == trimmed(pair.key));
  CHECK_FALSE(must(asked.store->current(k_any)));
}

TEST_CASE("a key is staged in the place of another's only where that is meant") {
  const Asked asked;
  INFO(asked.kind.name);
  const auto second = new_pair();
  must(asked.store->stage(k_any, staged_key(k_first, new_pair().key), {}));
  must_conflict(asked.store->stage(k_any, staged_key(k_second, second.key), {}));
  must_conflict(asked.store->stage(k_any, staged_key(k_second, second.key), k_third));
  CHECK(asked.staged_request() == k_first);
  must(asked.store->stage(k_any, staged_key(k_second, second.key), k_first));
  CHECK(asked.staged_request() == k_second);
  CHECK(asked.staged_private_key() == trimmed(second.key));
}

TEST_CASE("nothing is staged in the place of what is no longer there") {
  const Asked asked;
  INFO(asked.kind.name);
  must_conflict(asked.store->stage(k_any, staged_key(k_second, new_pair().key), k_first));
  CHECK(asked.staged_request().empty());
}

TEST_CASE("unstaging takes away one's own key, and leaves another's alone") {
  const Asked asked;
  INFO(asked.kind.name);
  must(asked.store->stage(k_any, staged_key(k_first, new_pair().key), {}));
  must(asked.store->unstage(k_any, k_second));
  CHECK(asked.staged_request() == k_first);
  must(asked.store->unstage(k_any, k_first));
  must(asked.store->unstage(k_any, k_first));
  CHECK(asked.staged_request().empty());
  const auto again = new_pair();
  must(asked.store->stage(k_any, staged_key(k_first, again.key, k_since + 1min), {}));
  CHECK(asked.staged_private_key() == trimmed(again.key));
}

TEST_CASE("a promoted pair is what the source offers, under the version that was returned") {
  const Asked asked;
  INFO(asked.kind.name);
  const auto pair = new_pair();
  must(asked.store->stage(k_any, staged_key(k_first, pair.key), {}));
  const auto version = asked.promote(k_first, pair, {});
  const auto current = must(asked.bench->store()->current(k_any));
  REQUIRE(current);
  CHECK(current->version == version);
  CHECK(must(asked.bench->store()->promoted(k_any))->request == k_first);
  CHECK(asked.staged_request().empty());
  asked.offers(pair, version);
}

TEST_CASE("promoting again returns the same version, and writes nothing") {
  const Asked asked;
  INFO(asked.kind.name);
  const auto pair = new_pair();
  const auto version = asked.promote(k_first, pair, {});
  must(asked.store->stage(k_any, staged_key(k_first, pair.key), {}));
  CHECK(asked.promote(k_first, pair, {}) == version);
  CHECK(asked.promote(k_first, pair, version) == version);
  CHECK(asked.usable_versions() == std::vector{version});
  CHECK(asked.staged_request().empty());
}

TEST_CASE("a pair replaces the one that was expected, which stays as the way back") {
  const Asked asked;
  INFO(asked.kind.name);
  const auto first = new_pair(), second = new_pair(), third = new_pair();
  const auto one = asked.promote(k_first, first, {});
  const auto two = asked.promote(k_second, second, one);
  CHECK(one != two);
  CHECK(must(asked.store->promoted(k_any))->request == k_second);
  asked.offers(second, two);
  asked.has(first, one);
  const auto three = asked.promote(k_third, third, two);
  asked.offers(third, three);
  asked.has(second, two);
  // In which order is for the source to say, whose times may be whole seconds.
  const auto versions = asked.usable_versions();
  CHECK(std::set(versions.begin(), versions.end()) == std::set{one, two, three});
}

TEST_CASE("a pair does not replace what was not expected") {
  const Asked asked;
  INFO(asked.kind.name);
  const auto first = new_pair(), second = new_pair();
  const auto one = asked.promote(k_first, first, {});
  const auto two = asked.promote(k_second, second, one);
  must(asked.store->stage(k_any, staged_key(k_third, first.key), {}));
  must_conflict(asked.store->promote(k_any, k_third, first.value(), {}));
  must_conflict(asked.store->promote(k_any, k_third, first.value(), one));
  CHECK(must(asked.store->promoted(k_any))->request == k_second);
  CHECK(asked.staged_request() == k_third);
  asked.offers(second, two);
}

TEST_CASE("promoting leaves another's staged key alone") {
  const Asked asked;
  INFO(asked.kind.name);
  must(asked.store->stage(k_any, staged_key(k_first, new_pair().key), {}));
  asked.promote(k_second, new_pair(), {});
  CHECK(asked.staged_request() == k_first);
}

TEST_CASE("of two writers at once one wins, and the other is told") {
  const Asked asked;
  INFO(asked.kind.name);
  if (asked.store->guarantee() != WriteGuarantee::compare_and_swap) return;  // says of itself that it does not
  const auto before = new_pair();
  const auto expected = asked.promote(k_first, before, {});
  const std::string requests[] = {k_second, k_third};
  for (int round = 0; round < 3; ++round) {
    // New ones each round: where a version is the digest of its certificates, storing the same again changes nothing.
    const Pair pairs[] = {new_pair(), new_pair()};
    const auto now = must(asked.store->current(k_any))->version;
    std::optional<Result<VersionId>> results[2];
    {
      std::vector<std::jthread> writers;
      for (int i = 0; i < 2; ++i)
        writers.emplace_back([&, i] {
          auto request = requests[i];
          request[0] = static_cast<char>('a' + round);
          results[i] = asked.bench->store()->promote(k_any, request, pairs[i].value(), now);
        });
    }
    const int winner = results[0]->has_value() ? 0 : 1;
    REQUIRE(results[winner]->has_value());
    REQUIRE_FALSE(results[1 - winner]->has_value());
    INFO(to_line(results[1 - winner]->error()));
    const auto code = results[1 - winner]->error().code;
    CHECK((code == ErrorCode::conflict || code == ErrorCode::lock_held));
    asked.offers(pairs[winner], **results[winner]);
  }
}

TEST_CASE("of two that stage a key at once one wins") {
  const Asked asked;
  INFO(asked.kind.name);
  if (asked.store->guarantee() != WriteGuarantee::compare_and_swap || !asked.bench->keeps_stagers_apart()) return;
  must(asked.store->unstage(k_any, k_first));
  const auto key = new_pair().key;
  const std::string requests[] = {k_second, k_third};
  std::optional<Result<>> results[2];
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 2; ++i)
      writers.emplace_back(
          [&, i] { results[i] = asked.bench->store()->stage(k_any, staged_key(requests[i], key), {}); });
  }
  const int winner = results[0]->has_value() ? 0 : 1;
  REQUIRE(results[winner]->has_value());
  REQUIRE_FALSE(results[1 - winner]->has_value());
  const auto code = results[1 - winner]->error().code;
  CHECK((code == ErrorCode::conflict || code == ErrorCode::lock_held));
  CHECK(asked.staged_request() == requests[winner]);
}

TEST_CASE("a key is sent as a secret alone") {
  const Asked asked;
  INFO(asked.kind.name);
  const auto first = new_pair(), second = new_pair();
  must(asked.store->stage(k_any, staged_key(k_first, first.key), {}));
  must(asked.store->stage(k_any, staged_key(k_second, second.key), k_first));
  asked.promote(k_second, second, {});
  const auto open = asked.bench->sent_in_the_open();
  CHECK(open.find(canary_of(first.key)) == std::string::npos);
  CHECK(open.find(canary_of(second.key)) == std::string::npos);
  CHECK(open.find("PRIVATE KEY") == std::string::npos);
}

TEST_CASE("what is lost on the way is found by its request, and nothing is written twice") {
  const auto lost = GENERATE(StoreBench::Lost::request, StoreBench::Lost::answer);
  const int after = GENERATE(range(0, 18));
  const Asked asked;
  if (!asked.bench->lose(lost, after)) return;
  INFO(asked.kind.name << ", " << (lost == StoreBench::Lost::request ? "request " : "answer ") << after);
  const auto pair = new_pair();
  const auto again = [lost](auto&& attempt) {
    auto result = attempt();
    if (!result) {
      INFO(to_line(result.error()));
      // What was done is found out inside; what never arrived may be told.
      CHECK(lost == StoreBench::Lost::request);
      const auto code = result.error().code;
      CHECK((code == ErrorCode::unavailable || code == ErrorCode::outcome_unknown || code == ErrorCode::timeout));
      result = attempt();
    }
    if (!result) FAIL(to_line(result.error()));
  };
  again([&] { return asked.store->stage(k_any, staged_key(k_first, pair.key), {}); });
  CHECK(asked.staged_private_key() == trimmed(pair.key));
  again([&] { return asked.store->promote(k_any, k_first, pair.value(), {}); });
  const auto current = must(asked.store->promoted(k_any));
  REQUIRE(current);
  CHECK(current->request == k_first);
  asked.offers(pair, current->version);
  CHECK(asked.staged_request().empty());
  CHECK(asked.usable_versions() == std::vector{current->version});
}
