// One message and its answer over TCP, as DNS goes.
#include "providers/platform/posix/message_exchange.hpp"

#include <catch2/catch.hpp>
#include <sys/socket.h>

#include "tests/unit/providers/support/raw_server.hpp"

using namespace trunkform;
using namespace std::chrono_literals;
using platform::exchange_message;
using testing::RawConnection;
using testing::RawServer;

namespace {

std::string received(const RawConnection& connection, std::size_t size) {
  std::string bytes(size, '\0');
  return ::recv(connection.socket(), bytes.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size) ? bytes : "";
}

std::string place_of(const RawServer& server) { return "127.0.0.1:" + std::to_string(server.port()); }

ErrorCode code_of(const Result<std::string>& result) {
  if (result) FAIL("an answer: " << *result);
  return result.error().code;
}

}  // namespace

TEST_CASE("a message goes with its length, and the answer comes with its own, in pieces or not") {
  const RawServer server([](RawConnection& connection) {
    const auto heard = received(connection, 7);
    connection.send(std::string("\0", 1));
    connection.send("\x08" + heard.substr(2) + ", ");
    connection.send("yes and more");
  });
  const auto answer = exchange_message({}, place_of(server), "hello", 5s);
  REQUIRE(answer);
  CHECK(*answer == "hello, y");
}

TEST_CASE("what hinders a message is told: nobody, a torn answer, silence, a stop") {
  CHECK(code_of(exchange_message({}, "127.0.0.1:1", "hello", 5s)) == ErrorCode::unavailable);
  CHECK(code_of(exchange_message({}, "no such name.invalid:53", "hello", 5s)) == ErrorCode::invalid_input);
  const RawServer torn([](RawConnection& connection) {
    (void)received(connection, 7);
    connection.send(std::string("\0\x09yes", 5));
  });
  CHECK(code_of(exchange_message({}, place_of(torn), "hello", 5s)) == ErrorCode::unavailable);
  const RawServer silent([](RawConnection& connection) { connection.wait_for_close(); });
  CHECK(code_of(exchange_message({}, place_of(silent), "hello", 200ms)) == ErrorCode::timeout);
  std::stop_source stop;
  stop.request_stop();
  CHECK(code_of(exchange_message({{}, stop.get_token()}, place_of(silent), "hello", 5s)) == ErrorCode::cancelled);
}
