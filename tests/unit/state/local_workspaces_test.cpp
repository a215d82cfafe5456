#include <catch2/catch.hpp>

#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using platform::SimulatedFileSystem;

namespace {

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("workspaces are made, chosen, listed with the default first, and deleted") {
  SimulatedFileSystem files;
  Process process(files);
  auto& spaces = *process.backend.workspaces;
  CHECK(*spaces.list({}) == Names{"default"});
  CHECK(*spaces.selected({}) == "default");
  REQUIRE(spaces.create({}, "staging"));
  REQUIRE(spaces.create({}, "alpha"));
  CHECK(code_of(spaces.create({}, "alpha")) == ErrorCode::conflict);
  CHECK(*spaces.list({}) == Names{"default", "alpha", "staging"});
  REQUIRE(spaces.select({}, "staging"));
  CHECK(*spaces.selected({}) == "staging");
  CHECK(code_of(spaces.select({}, "nowhere")) == ErrorCode::not_found);
  CHECK(code_of(spaces.remove({}, "staging", DeleteWorkspace::only_empty)) == ErrorCode::conflict);
  REQUIRE(spaces.remove({}, "alpha", DeleteWorkspace::only_empty));
  CHECK(*spaces.list({}) == Names{"default", "staging"});
  CHECK(code_of(spaces.remove({}, "default", DeleteWorkspace::with_resources)) == ErrorCode::invalid_input);
}

TEST_CASE("a workspace's state lies apart, keeps its resources from deletion, and is gone when forced") {
  SimulatedFileSystem files;
  Process process(files);
  auto& spaces = *process.backend.workspaces;
  REQUIRE(spaces.create({}, "staging"));
  process.backend = state::open_local(files, process.clock, process.random, k_folder, "staging").value();
  REQUIRE(process.apply({{"a", "one"}}));
  CHECK(*files.exists("/state/trunkform.state.d/staging/trunkform.state.json"));
  CHECK_FALSE(*files.exists(k_state));
  auto& again = *process.backend.workspaces;
  CHECK(code_of(again.remove({}, "staging", DeleteWorkspace::only_empty)) == ErrorCode::conflict);
  const auto lease = process.acquire("lock-2");
  CHECK(code_of(again.remove({}, "staging", DeleteWorkspace::with_resources)) == ErrorCode::lock_held);
  REQUIRE(process.backend.lock->release({}, lease));
  REQUIRE(again.remove({}, "staging", DeleteWorkspace::with_resources));
  CHECK(*again.list({}) == Names{"default"});
  REQUIRE(again.create({}, "staging"));
  CHECK_FALSE(*process.backend.store->load({}));
}

TEST_CASE("a selection that is a link is not read: what it leads to is no name") {
  SimulatedFileSystem files;
  Process process(files);
  REQUIRE(files.create_directories(k_folder));
  REQUIRE(files.replace("/state/token", "a-token\n", 0600));
  REQUIRE(files.replace_link("/state/.trunkform.workspace", "token"));
  CHECK(code_of(process.backend.workspaces->selected({})) == ErrorCode::corrupt);
  REQUIRE(process.backend.workspaces->select({}, "default"));
  CHECK(*process.backend.workspaces->selected({}) == "default");
}

TEST_CASE("names that would leave the folder or look like a flag are refused") {
  SimulatedFileSystem files;
  Process process(files);
  for (const std::string name : {"", ".", "..", "../x", "a/b", "-force", ".hidden", "a b", "a\n", "ü"}) {
    CHECK(code_of(process.backend.workspaces->create({}, name)) == ErrorCode::invalid_input);
    CHECK(code_of(state::open_local(files, process.clock, process.random, k_folder, name)) == ErrorCode::invalid_input);
  }
  REQUIRE(files.create_directories(k_folder));
  REQUIRE(files.replace(k_folder / ".trunkform.workspace", "../../etc\n", 0600));
  CHECK(code_of(process.backend.workspaces->selected({})) == ErrorCode::corrupt);
}
