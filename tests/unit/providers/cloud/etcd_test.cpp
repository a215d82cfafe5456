// Where the members of an etcd are, and what its ways to say no mean. What goes over the wire is asked of a real etcd:
// tests/integration/state_etcd.
#include <catch2/catch.hpp>

#include "providers/cloud/etcd/endpoints.hpp"
#include "providers/cloud/etcd/refusal.hpp"

using namespace trunkform;
namespace etcd = trunkform::cloud::etcd;
using Then = etcd::Refusal::Then;

TEST_CASE("members are read as etcdctl writes them, and without a scheme they are https") {
  const auto endpoints =
      etcd::endpoints_of("etcd-1.example.com, https://etcd-2.example.com:12379,http://127.0.0.1:2379,https://[::1]:443")
          .value();
  REQUIRE(endpoints.size() == 4);
  CHECK(endpoints[0].url == "https://etcd-1.example.com:2379");
  CHECK(endpoints[1].target == "etcd-2.example.com:12379");
  CHECK_FALSE(endpoints[1].is_plain);
  CHECK(endpoints[2].is_plain);
  CHECK(endpoints[3].target == "[::1]:443");
  CHECK(etcd::described(endpoints) == "etcd-1.example.com:2379 and 3 more");
}

TEST_CASE("what is no member's address is refused, and plain http goes nowhere but here") {
  for (const auto* wrong : {"", ",", "https://user:word@etcd.example.com", "https://etcd.example.com/v3",
                            "ftp://etcd.example.com", "https://etcd.example.com:0x1"}) {
    INFO(wrong);
    const auto refused = etcd::endpoints_of(wrong);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::invalid_input);
    CHECK_FALSE(refused.error().hints.empty());
  }
  const auto plain = etcd::endpoints_of("https://etcd-1.example.com:2379,http://etcd-2.example.com:2379");
  REQUIRE_FALSE(plain);
  CHECK(plain.error().code == ErrorCode::untrusted);
}

TEST_CASE("only what was certainly not done is done again; what is not known is nobody's guess") {
  struct Row {
    int code;
    const char* message;
    ErrorCode read, written;
    Then then_read, then_written;
  };
  const auto row = GENERATE(values<Row>({
      {14, "failed to connect to all addresses; last error: refused", ErrorCode::unavailable, ErrorCode::unavailable,
       Then::ask_another_member, Then::ask_another_member},
      {14, "failed to connect to all addresses; last error: Ssl handshake failed: certificate verify failed",
       ErrorCode::untrusted, ErrorCode::untrusted, Then::ask_another_member, Then::ask_another_member},
      {14, "etcdserver: no leader", ErrorCode::unavailable, ErrorCode::unavailable, Then::ask_another_member,
       Then::ask_another_member},
      {14, "etcdserver: leader changed", ErrorCode::unavailable, ErrorCode::outcome_unknown, Then::ask_another_member,
       Then::give_up},
      {14, "etcdserver: request timed out, possibly due to previous leader failure", ErrorCode::unavailable,
       ErrorCode::outcome_unknown, Then::ask_another_member, Then::give_up},
      {14, "Connection reset by peer", ErrorCode::unavailable, ErrorCode::outcome_unknown, Then::ask_another_member,
       Then::give_up},
      {4, "Deadline Exceeded", ErrorCode::unavailable, ErrorCode::outcome_unknown, Then::ask_another_member,
       Then::give_up},
      {1, "CANCELLED", ErrorCode::cancelled, ErrorCode::outcome_unknown, Then::give_up, Then::give_up},
      {16, "etcdserver: invalid auth token", ErrorCode::denied, ErrorCode::denied, Then::log_in_again,
       Then::log_in_again},
      {3, "etcdserver: revision of auth store is old", ErrorCode::denied, ErrorCode::denied, Then::log_in_again,
       Then::log_in_again},
      {3, "etcdserver: authentication failed, invalid user ID or password", ErrorCode::denied, ErrorCode::denied,
       Then::give_up, Then::give_up},
      {3, "etcdserver: user name is empty", ErrorCode::denied, ErrorCode::denied, Then::give_up, Then::give_up},
      {7, "etcdserver: permission denied", ErrorCode::denied, ErrorCode::denied, Then::give_up, Then::give_up},
      {8, "etcdserver: mvcc: database space exceeded", ErrorCode::io, ErrorCode::io, Then::give_up, Then::give_up},
      {8, "etcdserver: too many requests", ErrorCode::throttled, ErrorCode::throttled, Then::ask_another_member,
       Then::ask_another_member},
      {3, "etcdserver: request is too large", ErrorCode::rejected, ErrorCode::rejected, Then::give_up, Then::give_up},
      {11, "etcdserver: mvcc: required revision has been compacted", ErrorCode::conflict, ErrorCode::conflict,
       Then::give_up, Then::give_up},
      {5, "etcdserver: requested lease not found", ErrorCode::not_found, ErrorCode::not_found, Then::give_up,
       Then::give_up},
      {9, "etcdserver: authentication is not enabled", ErrorCode::denied, ErrorCode::denied, Then::give_up,
       Then::give_up},
  }));
  INFO(row.code << ' ' << row.message);
  const auto read = etcd::refusal_of(row.code, row.message, etcd::Call::reads, "etcd.example.com:2379");
  const auto written = etcd::refusal_of(row.code, row.message, etcd::Call::writes, "etcd.example.com:2379");
  CHECK(read.error.code == row.read);
  CHECK(read.then == row.then_read);
  CHECK(written.error.code == row.written);
  CHECK(written.then == row.then_written);
  CHECK(written.error.detail.find("etcd.example.com:2379 says") != std::string::npos);
}

TEST_CASE("an etcd that is full says what makes room") {
  const auto full =
      etcd::refusal_of(8, "etcdserver: mvcc: database space exceeded", etcd::Call::writes, "a:2379").error;
  std::string hints;
  for (const auto& hint : full.hints) hints += hint + "\n";
  for (const auto* command : {"etcdctl compact", "etcdctl defrag", "etcdctl alarm disarm", "--quota-backend-bytes"})
    CHECK(hints.find(command) != std::string::npos);
}
