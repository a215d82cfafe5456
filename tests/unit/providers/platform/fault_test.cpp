// Every system call of every durable operation, failing in every way: over the simulated kernel.
#include <catch2/catch.hpp>

#include "providers/platform/simulated/file_system.hpp"

using trunkform::platform::Fault;
using trunkform::platform::SimulatedCrash;
using trunkform::platform::SimulatedFileSystem;

namespace {

const std::vector<Fault> k_faults{Fault::io_error, Fault::no_space, Fault::interrupted, Fault::short_write,
                                  Fault::kill};
enum class After { restart, power_cut };

/// How many calls `replace` makes once the file is there.
std::size_t calls_of_replace() {
  SimulatedFileSystem files;
  REQUIRE(files.replace("/state", "old", 0600));
  files.kernel().faults().clear();
  REQUIRE(files.replace("/state", "the new content", 0600));
  return files.kernel().faults().sites().size();
}

void replace_with_fault(std::uint64_t call, Fault fault, After after) {
  SimulatedFileSystem files;
  REQUIRE(files.replace("/state", "old", 0600));
  files.kernel().faults().clear();
  files.kernel().faults().fail_at(call, fault);
  bool acknowledged = false;
  bool crashed = false;
  try {
    acknowledged = files.replace("/state", "the new content", 0600).has_value();
  } catch (const SimulatedCrash&) {
    crashed = true;
  }
  INFO("call " << call << ", fault " << static_cast<int>(fault) << ", "
               << (after == After::restart ? "restart" : "power cut"));
  CHECK(crashed == (fault == Fault::kill));
  if (fault == Fault::interrupted || fault == Fault::short_write) CHECK(acknowledged);
  after == After::restart ? files.kernel().restart() : files.kernel().power_cut();
  files.kernel().faults().clear();
  const auto found = files.read("/state", 100).value();
  if (acknowledged)
    CHECK(found == "the new content");
  else
    CHECK((found == "old" || found == "the new content"));
  if (!crashed && after == After::restart) CHECK(files.list("/").value() == std::vector<std::string>{"state"});
}

}  // namespace

TEST_CASE("replace is whole or not at all and durable when acknowledged, whatever call fails and however") {
  const auto calls = calls_of_replace();
  REQUIRE(calls >= 6);  // open folder, open, write, fsync, rename, fsync
  for (std::uint64_t call = 1; call <= calls; ++call)
    for (const auto fault : k_faults)
      for (const auto after : {After::restart, After::power_cut}) replace_with_fault(call, fault, after);
}

TEST_CASE("a power cut right after an acknowledged replace loses nothing, also of a new file in a new folder") {
  SimulatedFileSystem files;
  REQUIRE(files.create_directories("/project/.trunkform"));
  REQUIRE(files.replace("/project/.trunkform/state", "kept", 0600));
  files.kernel().power_cut();
  CHECK(files.read("/project/.trunkform/state", 100).value() == "kept");
}

TEST_CASE("an acknowledged append survives a power cut and an unacknowledged one leaves what was before at the front") {
  for (std::uint64_t call = 1; call <= 3; ++call)
    for (const auto fault : k_faults) {
      SimulatedFileSystem files;
      auto log = files.open_append("/events", 0600).value();
      REQUIRE(log->append("one\n"));
      files.kernel().faults().clear();
      files.kernel().faults().fail_at(call, fault);
      bool acknowledged = false;
      try {
        acknowledged = log->append("two\n").has_value();
      } catch (const SimulatedCrash&) {
      }
      INFO("call " << call << ", fault " << static_cast<int>(fault));
      files.kernel().power_cut();
      files.kernel().faults().clear();
      const auto found = files.read("/events", 100).value();
      CHECK(found.substr(0, 4) == "one\n");
      if (acknowledged) CHECK(found == "one\ntwo\n");
    }
}

TEST_CASE("after a failed fsync an append file takes nothing more, even if the disk is well again") {
  SimulatedFileSystem files;
  auto log = files.open_append("/events", 0600).value();
  files.kernel().faults().clear();
  files.kernel().faults().fail_at(2, Fault::io_error);
  REQUIRE_FALSE(log->append("one\n"));
  files.kernel().faults().clear();
  CHECK_FALSE(log->append("two\n"));
  CHECK_FALSE(log->truncate(0));
  CHECK(log->size() == 0);
}

TEST_CASE("a failed write is cut off again so that the log ends cleanly") {
  SimulatedFileSystem files;
  auto log = files.open_append("/events", 0600).value();
  REQUIRE(log->append("one\n"));
  files.kernel().faults().clear();
  files.kernel().faults().fail_at(1, Fault::short_write);
  files.kernel().faults().fail_at(2, Fault::no_space);
  CHECK_FALSE(log->append("two\n"));
  CHECK(files.read("/events", 100).value() == "one\n");
}

TEST_CASE("what was written without fsync is lost in a power cut: the simulated disk is as bad as a real one") {
  SimulatedFileSystem files;
  auto& kernel = files.kernel();
  const auto descriptor = kernel.open(-100, "/loose", 0101 /* O_WRONLY|O_CREAT */, 0600).value();
  REQUIRE(kernel.write(descriptor, "x", 1).value() == 1);
  kernel.power_cut();
  CHECK_FALSE(files.exists("/loose").value());
}

TEST_CASE("a simulated lock is held by one handle until a restart") {
  SimulatedFileSystem files;
  const auto lock = files.lock("/lock");
  REQUIRE(lock);
  CHECK(files.lock("/lock").error().code == trunkform::ErrorCode::lock_held);
  files.kernel().restart();
  CHECK(files.lock("/lock"));
}
