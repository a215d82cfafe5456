#include <optional>

#include <catch2/catch.hpp>

#include "state/document/hash_chain.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using platform::Fault;
using platform::SimulatedFileSystem;

namespace {

/// What the run was told is durable.
struct Promises {
  std::vector<std::pair<std::string, std::string>> outcomes;
  std::vector<std::string> intents;
  std::uint64_t serial = 0;
  bool finished = false;
};

Result<> apply_twice(Process& process, Promises& promises) {
  auto lease = TRY(process.backend.lock->acquire(process.context, lock_info("lock-2")));
  auto token = TRY(process.backend.store->load(process.context)).value().token;
  for (const auto& round : std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}}) {
    for (const auto& name : round) {
      const auto chain = "new-" + name;
      TRY(process.append(lease, {intent_of(name, chain)}));
      promises.intents.push_back(name);
      TRY(process.append(lease, {committed(name, chain)}));
      promises.outcomes.emplace_back(name, chain);
    }
    token = TRY(process.backend.store->commit(process.context, lease.fence, token, {}));
    promises.serial = token.serial;
  }
  TRY(process.backend.lock->release(process.context, std::move(lease)));
  promises.finished = true;
  return {};
}

void check_promises(SimulatedFileSystem& files, const Promises& promises) {
  Process next(files, 2);
  const auto snapshot = next.backend.store->load(next.context);
  INFO((snapshot ? "" : to_line(snapshot.error())));
  REQUIRE(snapshot);
  REQUIRE(*snapshot);
  const auto& document = (**snapshot).document;
  REQUIRE(document.serial >= promises.serial);
  REQUIRE(document.lineage == "lineage");
  for (const auto& [name, chain] : promises.outcomes)
    REQUIRE(identity_in(document, name) == chain_named(chain)->identity);
  for (const auto& name : promises.intents) {
    const bool is_open = document.open_intents.count(address_of(name)) == 1;
    const bool is_closed = identity_in(document, name) == chain_named("new-" + name)->identity;
    REQUIRE((is_open || is_closed));
  }
  // The next run goes on as if nothing had happened.
  const auto token = next.apply({{"z", "last"}}, "lock-3");
  INFO((token ? "" : to_line(token.error())));
  REQUIRE(token);
  REQUIRE(token->serial == document.serial + 1);
  const auto page = next.backend.log->read(next.context, 0);
  REQUIRE(page);
  REQUIRE(state::verify_chain(page->events));
}

void prepare(SimulatedFileSystem& files) {
  REQUIRE(files.create_directories(k_folder));
  Process(files).apply({{"a", "old"}}).value();
  files.kernel().faults().clear();
}

std::vector<platform::IoSite> sites_of_a_run() {
  SimulatedFileSystem files;
  prepare(files);
  Process process(files);
  Promises promises;
  REQUIRE(apply_twice(process, promises));
  return files.kernel().faults().sites();
}

/// stat(2), rename(2) and their kin never return EINTR.
bool can_be_interrupted(platform::IoStep step) {
  using platform::IoStep;
  return step == IoStep::open || step == IoStep::read || step == IoStep::write || step == IoStep::sync ||
         step == IoStep::truncate || step == IoStep::lock;
}

enum class Then { another_process, power_cut };

void run_with_fault(const platform::IoSite& site, Fault fault, Then then) {
  INFO("fault " << static_cast<int>(fault) << " at call " << site.number << " " << to_string(site.step) << " "
                << site.path << (then == Then::power_cut ? ", then a power cut" : ""));
  SimulatedFileSystem files;
  prepare(files);
  files.kernel().faults().fail_at(site.number, fault);
  Promises promises;
  {
    std::optional<Process> process;  // outlives the crash
    try {
      process.emplace(files);
      const auto ran = apply_twice(*process, promises);
      REQUIRE(ran.has_value() == promises.finished);
      if (!ran) REQUIRE_FALSE(ran.error().summary.empty());
      if (fault == Fault::short_write || (fault == Fault::interrupted && can_be_interrupted(site.step))) REQUIRE(ran);
    } catch (const platform::SimulatedCrash&) {
      REQUIRE(fault == Fault::kill);
    }
  }
  files.kernel().faults().clear();
  then == Then::power_cut ? files.kernel().power_cut() : files.kernel().restart();
  check_promises(files, promises);
}

}  // namespace

TEST_CASE("whatever call fails in whatever way, nothing that was acknowledged is lost and the next run goes on") {
  const auto sites = sites_of_a_run();
  REQUIRE(sites.size() > 40);
  for (const auto& site : sites) {
    for (const auto fault : {Fault::io_error, Fault::no_space, Fault::interrupted, Fault::short_write, Fault::kill}) {
      run_with_fault(site, fault, Then::another_process);
      run_with_fault(site, fault, Then::power_cut);
    }
  }
}

TEST_CASE("after a failed write the same process writes nothing more, so that the log cannot get a hole") {
  for (const auto& site : sites_of_a_run()) {
    if (site.step != platform::IoStep::sync && site.step != platform::IoStep::write) continue;
    if (site.path.find("trunkform.state.events") == std::string::npos) continue;
    SimulatedFileSystem files;
    prepare(files);
    files.kernel().faults().fail_at(site.number, Fault::io_error);
    Process process(files);
    auto lease = process.backend.lock->acquire(process.context, lock_info("lock-2"));
    if (!lease) continue;  // the epoch itself could not be recorded
    bool failed = false;
    for (const auto* name : {"a", "b", "c", "d", "e", "f"}) {
      const auto appended = process.append(*lease, {committed(name, "new")});
      if (failed) REQUIRE(appended.error().code == ErrorCode::io);
      failed = failed || !appended;
    }
    if (failed) {
      const auto refused = process.backend.store->commit(process.context, lease->fence, {"lineage", 1}, {});
      REQUIRE(refused.error().code == ErrorCode::io);
    }
  }
}

TEST_CASE("a power cut after a run that ended well takes nothing away") {
  SimulatedFileSystem files;
  prepare(files);
  Promises promises;
  {
    Process process(files);
    REQUIRE(apply_twice(process, promises));
  }
  files.kernel().power_cut();
  check_promises(files, promises);
}
