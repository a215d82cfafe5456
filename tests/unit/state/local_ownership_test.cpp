// Who has which trunk, over one disk and the states of one folder.
#include <array>

#include <catch2/catch.hpp>

#include "schemas/codec/claims_codec.hpp"
#include "state/document/claims.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;

namespace {

const Path k_owners = k_folder / "trunkform.owners.json";
const TrunkKey k_east{"org", {"east"}}, k_west{"org", {"west"}};

/// A run of one workspace that holds its lock.
struct Run {
  Run(FileSystem& files, const std::string& workspace)
      : random(1), backend(state::open_local(files, clock, random, k_folder, workspace).value()) {
    if (workspace != k_default_workspace && !backend.store->load(context).value())
      (void)backend.workspaces->create(context, workspace);
    lease = backend.lock->acquire(context, lock_info("lock of " + workspace)).value();
  }
  std::vector<Claim> claim(const std::vector<TrunkKey>& keys) const {
    return backend.ownership->claim(context, lease.fence, keys).value();
  }
  void keep_only(const std::vector<TrunkKey>& keys) const {
    REQUIRE(backend.ownership->keep_only(context, lease.fence, keys));
  }

  platform::SimulatedClock clock{Instant(std::chrono::hours(1000))};
  platform::SeededRandom random;
  state::Backend backend;
  Context context;
  Lease lease;
};

}  // namespace

TEST_CASE("a trunk is the first one's who claims it, until it is given back") {
  platform::SimulatedFileSystem files;
  Run one(files, "default"), two(files, "blue");
  CHECK(one.claim({k_east}).empty());
  CHECK(one.claim({k_east}).empty());
  const auto refused = two.claim({k_east, k_west});
  REQUIRE(refused.size() == 1);
  CHECK(refused.front().key == k_east);
  CHECK(refused.front().owner == "default");
  CHECK(one.claim({k_west}).front().owner == "blue");
  CHECK(two.claim({{"another", {"east"}}}).empty());

  one.keep_only({});
  CHECK(two.claim({k_east}).empty());
  two.keep_only({k_east});
  CHECK(one.claim({k_west}).empty());
  CHECK(one.claim({k_east}).front().owner == "blue");
}

TEST_CASE("a workspace that was deleted has no trunks") {
  platform::SimulatedFileSystem files;
  Run one(files, "default");
  {
    Run gone(files, "gone");
    CHECK(gone.claim({k_east}).empty());
    REQUIRE(gone.backend.lock->release(gone.context, gone.lease));
  }
  CHECK(one.claim({k_east}).size() == 1);
  REQUIRE(one.backend.workspaces->remove(one.context, "gone", DeleteWorkspace::only_empty));
  CHECK(one.claim({k_east}).empty());
}

TEST_CASE("what a workspace left behind that is there no more is free, and is then the claimer's") {
  const ClaimBook book{{k_east, "gone"}, {k_west, "blue"}};
  const auto claiming = state::claim(book, "default", std::array{k_east, k_west}, {"default", "blue"});
  REQUIRE(claiming.refused.size() == 1);
  CHECK(claiming.refused.front().key == k_west);
  CHECK(claiming.book == ClaimBook{{k_east, "default"}, {k_west, "blue"}});
}

TEST_CASE("claims are the holder's of the lock, and survive a power cut") {
  platform::SimulatedFileSystem files;
  Run one(files, "default");
  CHECK(one.claim({k_east}).empty());
  files.kernel().power_cut();
  files.kernel().restart();
  CHECK(decode_claims(files.read(k_owners, 1 << 20).value()).value() == ClaimBook{{k_east, "default"}});

  Run two(files, "blue");
  REQUIRE(two.backend.lock->release(two.context, two.lease));
  CHECK(code_of(two.backend.ownership->claim(two.context, two.lease.fence, std::array{k_west})) == ErrorCode::fenced);
  CHECK(code_of(two.backend.ownership->keep_only(two.context, two.lease.fence, {})) == ErrorCode::fenced);
}

TEST_CASE("a file of owners that cannot be read keeps everybody out, and says what mends it") {
  platform::SimulatedFileSystem files;
  Run one(files, "default");
  CHECK(one.claim({k_east}).empty());
  REQUIRE(files.replace(k_owners, "{", 0600));
  const auto refused = one.backend.ownership->claim(one.context, one.lease.fence, std::array{k_west});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::corrupt);
  CHECK(refused.error().hints.back() == "rm /state/trunkform.owners.json");
}

TEST_CASE("what needs no claim writes no file") {
  platform::SimulatedFileSystem files;
  Run one(files, "default");
  CHECK(one.claim({}).empty());
  one.keep_only({});
  CHECK_FALSE(files.exists(k_owners).value());
}

TEST_CASE("the file of owners is what its page says") {
  const ClaimBook book{{k_east, "default"}, {k_west, "blue"}};
  CHECK(encode_claims(book) ==
        "{\"format\":1,\"claims\":[\n"
        "{\"organisation\":\"org\",\"trunk\":\"east\",\"workspace\":\"default\"},\n"
        "{\"organisation\":\"org\",\"trunk\":\"west\",\"workspace\":\"blue\"}]}\n");
  CHECK(decode_claims(encode_claims(book)).value() == book);
  CHECK(code_of(decode_claims(R"({"format":2,"claims":[]})")) == ErrorCode::unsupported);
  CHECK(code_of(decode_claims(R"({"format":1,"claims":[{"organisation":"o"}]})")) == ErrorCode::corrupt);
}
