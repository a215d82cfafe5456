// A state behind Terraform's HTTP protocol over a server in memory: what the kit of backends cannot see from above.

#include <catch2/catch.hpp>

#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/random.hpp"
#include "schemas/codec/lock_codec.hpp"
#include "state/backends/http/engine.hpp"
#include "state/backends/http/envelope.hpp"
#include "state/remote/ports.hpp"
#include "tests/support/memory_state_server.hpp"
#include "tests/unit/state/state_fixture.hpp"

using namespace trunkform;
using namespace trunkform::testing;
using state::http::decode_envelope;
using state::http::encode_envelope;
using state::http::Envelope;

namespace {

struct HttpStateBench {
  MemoryStateServer server;
  platform::SimulatedClock clock{at(0)};
  platform::SeededRandom random{1};
  Context context;
  std::unique_ptr<state::Engine> engine = open();

  std::unique_ptr<state::Engine> open(const std::string& workspace = "default") {
    return state::http::open_engine(workspace, open_memory_state_server(server), clock, random);
  }
  void lock(state::Engine& one, const std::string& id) const {
    REQUIRE(one.take_lock(context, lock_info(id)));
    REQUIRE(one.load(context));
  }
  Result<> append(state::Engine& one, const std::string& id, Sequence first,
                  std::vector<std::string> lines = {"{}"}) const {
    return one.append(context, id, {first, std::move(lines)});
  }
  std::string& document(const std::string& workspace = "default") { return *server.spaces[workspace].document; }
  Envelope envelope() { return decode_envelope(document()).value(); }
};

}  // namespace

TEST_CASE("serial and lineage are in clear, and the serial is raised by each write, also of events and alerts") {
  HttpStateBench bench;
  bench.lock(*bench.engine, "l-1");
  REQUIRE(bench.append(*bench.engine, "l-1", 1));
  CHECK(bench.envelope().serial == 1);
  CHECK(bench.envelope().lineage.empty());
  const auto first = numbered_document(1);
  REQUIRE(bench.engine->write(bench.context, "l-1", nullptr, first));
  CHECK(bench.envelope().serial == 2);
  CHECK(bench.document().find("\"serial\":2,\n\"lineage\":\"5b0ad1c4") != std::string::npos);
  REQUIRE(bench.engine->write_alerts(bench.context, "[]"));
  CHECK(bench.envelope().serial == 3);
  CHECK(bench.server.puts == 3);
  // Each is read before it is written, and after.
  CHECK(bench.server.gets == 1 + 2 * 3);
}

TEST_CASE("a commit on another serial or lineage than it read is a conflict, though the protocol has no condition") {
  HttpStateBench bench;
  bench.lock(*bench.engine, "l-1");
  const auto first = numbered_document(1);
  REQUIRE(bench.engine->write(bench.context, "l-1", nullptr, first));
  const auto next = numbered_document(2);
  for (const auto& before : {numbered_document(2), numbered_document(0), numbered_document(1, "another")})
    CHECK(code_of(bench.engine->write(bench.context, "l-1", &before, next)) == ErrorCode::conflict);
  CHECK(code_of(bench.engine->write(bench.context, "l-1", nullptr, next)) == ErrorCode::conflict);
  CHECK(bench.server.puts == 1);
  CHECK(bench.engine->write(bench.context, "l-1", &first, next));
}

TEST_CASE("who lost the lock writes nothing over the one who has it now, and is told") {
  HttpStateBench bench;
  bench.lock(*bench.engine, "l-1");
  REQUIRE(bench.append(*bench.engine, "l-1", 1));
  const auto other = bench.open();
  REQUIRE(other->break_lock(bench.context, "l-1"));
  bench.lock(*other, "l-2");
  REQUIRE(bench.append(*other, "l-2", 2));
  const auto kept = bench.document();
  CHECK(code_of(bench.append(*bench.engine, "l-1", 2)) == ErrorCode::fenced);
  const auto first = numbered_document(1);
  CHECK(code_of(bench.engine->write(bench.context, "l-1", nullptr, first)) == ErrorCode::fenced);
  CHECK(bench.document() == kept);
}

TEST_CASE("what something wrote that does not ask for the lock is not written over") {
  HttpStateBench bench;
  bench.lock(*bench.engine, "l-1");
  REQUIRE(bench.append(*bench.engine, "l-1", 1));
  auto foreign = bench.envelope();
  foreign.write = "another";
  bench.document() = encode_envelope(foreign);
  CHECK(code_of(bench.append(*bench.engine, "l-1", 2)) == ErrorCode::fenced);
  // Having read it since changes nothing: this run's picture is the one from before.
  REQUIRE(bench.engine->events(bench.context, 0));
  CHECK(code_of(bench.append(*bench.engine, "l-1", 2)) == ErrorCode::fenced);
  CHECK(bench.envelope().write == "another");
}

TEST_CASE("a run whose state was written past its lock is told so, and not that it lost the lock") {
  HttpStateBench bench;
  platform::SimulatedFileSystem files;
  auto backend =
      state::open_remote(
          {files, bench.clock, bench.random, "/configuration"},
          [&](const std::string& name) -> Result<std::unique_ptr<state::Engine>> { return bench.open(name); },
          "default")
          .value();
  CHECK_FALSE(backend.tells_holder);
  CHECK(backend.ownership == nullptr);
  CHECK(backend.pacing == nullptr);
  const auto lease = backend.lock->acquire(bench.context, lock_info("l-1")).value();
  auto foreign = bench.envelope();
  foreign.write = "another";
  bench.document() = encode_envelope(foreign);
  std::vector<Event> events{event_of(0, intent_of("a", "one"))};
  const auto refused = backend.log->append(bench.context, lease.fence, 2, events);
  CHECK(code_of(refused) == ErrorCode::fenced);
  CHECK(to_line(refused.error()).find("was written past the lock") != std::string::npos);
  CHECK_FALSE(refused.error().hints.empty());
  CHECK(lease.lost.stop_requested());
}

TEST_CASE("a write that arrives late, after others, is found out by the next one") {
  HttpStateBench bench;
  bench.lock(*bench.engine, "l-1");
  bench.server.answers = {MemoryStateServer::Answer::put_off};
  CHECK(code_of(bench.append(*bench.engine, "l-1", 1)) == ErrorCode::outcome_unknown);
  REQUIRE(bench.append(*bench.engine, "l-1", 1));
  REQUIRE(bench.append(*bench.engine, "l-1", 2));
  bench.document() = *bench.server.late;
  CHECK(code_of(bench.append(*bench.engine, "l-1", 3)) == ErrorCode::fenced);
}

TEST_CASE("a server that says it took a document, and did not, is found out at once") {
  HttpStateBench bench;
  bench.lock(*bench.engine, "l-1");
  REQUIRE(bench.append(*bench.engine, "l-1", 1));
  bench.server.answers = {MemoryStateServer::Answer::passed_over};
  const auto refused = bench.append(*bench.engine, "l-1", 2);
  CHECK(code_of(refused) == ErrorCode::protocol);
  CHECK_FALSE(refused.error().hints.empty());
}

TEST_CASE("nobody writes without having taken the lock, nor under the id of another's") {
  HttpStateBench bench;
  CHECK(code_of(bench.append(*bench.engine, "l-1", 1)) == ErrorCode::fenced);
  bench.lock(*bench.engine, "l-1");
  CHECK(code_of(bench.append(*bench.engine, "l-2", 1)) == ErrorCode::fenced);
  REQUIRE(bench.engine->give_back(bench.context, "l-1"));
  CHECK(code_of(bench.append(*bench.engine, "l-1", 1)) == ErrorCode::fenced);
  CHECK(bench.server.puts == 0);
}

TEST_CASE("a lock that lets everybody in is refused by init, and nothing is left") {
  HttpStateBench bench;
  REQUIRE(bench.engine->prepare(bench.context));
  CHECK_FALSE(bench.server.spaces["default"].lock);
  CHECK_FALSE(bench.server.spaces["default"].document);
  bench.server.locks = MemoryStateServer::Lock::gives_to_all;
  const auto refused = bench.engine->prepare(bench.context);
  CHECK(code_of(refused) == ErrorCode::unsupported);
  CHECK_FALSE(refused.error().hints.empty());
}

TEST_CASE("a lock whose holder the server does not name is held all the same") {
  HttpStateBench bench;
  bench.server.spaces["default"].lock = "locked";
  CHECK(code_of(bench.engine->take_lock(bench.context, lock_info("l-1"))) == ErrorCode::lock_held);
  CHECK(code_of(bench.engine->holder(bench.context)) == ErrorCode::lock_held);
  CHECK(code_of(bench.engine->break_lock(bench.context, "l-2")) == ErrorCode::lock_held);
  CHECK(bench.server.spaces["default"].lock == "locked");
}

TEST_CASE("an alert is remembered under the run's own lock, or under one for a moment; not while another has it") {
  HttpStateBench bench;
  REQUIRE(bench.engine->write_alerts(bench.context, "one"));
  CHECK_FALSE(bench.server.spaces["default"].lock);
  bench.lock(*bench.engine, "l-1");
  REQUIRE(bench.engine->write_alerts(bench.context, "two"));
  CHECK(decode_lock_info(*bench.server.spaces["default"].lock)->id == "l-1");
  CHECK(code_of(bench.open()->write_alerts(bench.context, "three")) == ErrorCode::lock_held);
  CHECK(bench.engine->read_alerts(bench.context).value() == "two");
}

TEST_CASE("where one address is that of all workspaces there is one workspace") {
  HttpStateBench bench;
  CHECK(bench.engine->capabilities().workspaces);
  bench.server.addresses = StateAddresses::one;
  CHECK_FALSE(bench.engine->capabilities().workspaces);
  const auto lab = bench.open("lab");
  for (const auto code : {code_of(lab->take_lock(bench.context, lock_info("l-1"))), code_of(lab->create(bench.context)),
                          code_of(lab->load(bench.context))})
    CHECK(code == ErrorCode::unsupported);
}

TEST_CASE("a server that cannot delete keeps an empty document of a workspace that was removed") {
  HttpStateBench bench;
  bench.server.deletes = MemoryStateServer::Delete::is_unknown;
  const auto lab = bench.open("lab");
  REQUIRE(lab->create(bench.context));
  bench.lock(*lab, "l-1");
  REQUIRE(bench.append(*lab, "l-1", 1));
  REQUIRE(lab->remove(bench.context, "l-1"));
  CHECK(bench.engine->workspaces(bench.context)->empty());
  CHECK_FALSE(bench.server.spaces["lab"].lock);
  const auto left = decode_envelope(bench.document("lab")).value();
  CHECK(left.serial == 2);
  CHECK(left.events.empty());
  CHECK_FALSE(*bench.open("lab")->load(bench.context));
}

TEST_CASE("a document that is Terraform's own, of a later format, or damaged, is told and never written over") {
  struct Row {
    std::string document, told;
    ErrorCode code;
  };
  HttpStateBench bench;
  bench.lock(*bench.engine, "l-0");
  REQUIRE(bench.append(*bench.engine, "l-0", 1, {R"({"seq":1})"}));
  REQUIRE(bench.engine->give_back(bench.context, "l-0"));
  auto changed = bench.document();
  changed.replace(changed.find("seq"), 3, "sep");
  const std::vector<Row> rows{{R"({"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x"})",
                               "Terraform has its own state there", ErrorCode::unsupported},
                              {R"({"format":2,"needs":"0.9.0"})", "format 2", ErrorCode::unsupported},
                              {"<html>", "damaged", ErrorCode::corrupt},
                              {changed, "its content is not what its sha256 says", ErrorCode::corrupt}};
  for (const auto& row : rows) {
    INFO(row.document);
    bench.document() = row.document;
    REQUIRE(bench.engine->take_lock(bench.context, lock_info("l-1")));
    const auto loaded = bench.engine->load(bench.context);
    CHECK(code_of(loaded) == row.code);
    CHECK(to_line(loaded.error()).find(row.told) != std::string::npos);
    CHECK_FALSE(loaded.error().hints.empty());
    CHECK(code_of(bench.append(*bench.engine, "l-1", 2)) == row.code);
    CHECK(bench.document() == row.document);
    REQUIRE(bench.engine->give_back(bench.context, "l-1"));
  }
}

TEST_CASE("a document that was cut short is told, at every length") {
  HttpStateBench bench;
  bench.lock(*bench.engine, "l-1");
  REQUIRE(bench.append(*bench.engine, "l-1", 1));
  const auto whole = bench.document();
  for (std::size_t length = 1; length + 1 < whole.size(); ++length) {
    INFO(length);
    CHECK(code_of(decode_envelope(whole.substr(0, length))) == ErrorCode::corrupt);
  }
}

TEST_CASE("an earlier document can be put back by hand with its serial raised") {
  HttpStateBench bench;
  bench.lock(*bench.engine, "l-1");
  REQUIRE(bench.append(*bench.engine, "l-1", 1));
  auto earlier = bench.document();
  earlier.replace(earlier.find("\"serial\":1"), 10, "\"serial\":7");
  CHECK(decode_envelope(earlier)->serial == 7);
}

TEST_CASE("the example of docs/formats/http.md is what is written, byte for byte") {
  const auto example = example_of("http.md");
  const auto envelope = decode_envelope(example);
  INFO((envelope ? "" : to_line(envelope.error())));
  REQUIRE(envelope);
  CHECK(encode_envelope(*envelope) == example);
}
