#include "providers/probe/dns_client.hpp"

#include <atomic>
#include <functional>
#include <thread>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "providers/platform/posix/clock.hpp"
#include "providers/platform/simulated/random.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::probe;

namespace {

/// A name server on the loopback that says to each question what the test says.
class NameServer {
 public:
  using Answer = std::function<std::string(const std::string& question)>;
  explicit NameServer(Answer answer)
      : m_answer(std::move(answer)), m_socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    ::sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::socklen_t size = sizeof address;
    REQUIRE(::bind(m_socket, reinterpret_cast<::sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(m_socket, reinterpret_cast<::sockaddr*>(&address), &size) == 0);
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { serve(); });
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  ~NameServer() {
    m_stop = true;
    m_thread.join();
    ::close(m_socket);
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(m_port); }

 private:
  Answer m_answer;
  int m_socket;
  int m_port = 0;
  std::atomic<bool> m_stop{false};
  std::thread m_thread;

  void serve() {
    std::array<char, 2048> space{};
    while (!m_stop) {
      ::pollfd ready{m_socket, POLLIN, 0};
      if (::poll(&ready, 1, 10) <= 0) continue;
      ::sockaddr_in peer{};
      ::socklen_t size = sizeof peer;
      const auto count =
          ::recvfrom(m_socket, space.data(), space.size(), 0, reinterpret_cast<::sockaddr*>(&peer), &size);
      if (count <= 0) continue;
      const auto reply = m_answer(std::string(space.data(), static_cast<std::size_t>(count)));
      if (!reply.empty()) ::sendto(m_socket, reply.data(), reply.size(), 0, reinterpret_cast<::sockaddr*>(&peer), size);
    }
  }
};

std::string two(int number) { return {static_cast<char>(number >> 8), static_cast<char>(number & 255)}; }
std::string text(const std::string& value) { return static_cast<char>(value.size()) + value; }
std::string name(const std::string& dotted) {
  std::string bytes;
  for (std::size_t at = 0; at < dotted.size();) {
    const auto end = std::min(dotted.find('.', at), dotted.size());
    bytes += text(dotted.substr(at, end - at));
    at = end + 1;
  }
  return bytes + '\0';
}

/// The head and question of `question`, with a response code, and so many records.
std::string head(const std::string& question, int code, std::size_t records) {
  auto bytes = question.substr(0, 2) + two(0x8180 | code) + two(1) + two(static_cast<int>(records)) + two(0) + two(0);
  const auto end = question.find('\0', 12) + 5;
  return bytes + question.substr(12, end - 12);
}
std::string record(int type, const std::string& data) {
  return two(0xC00C) + two(type) + two(1) + two(0) + two(1) + two(static_cast<int>(data.size())) + data;
}
std::string answer(const std::string& question, const std::vector<std::string>& records, int code = 0) {
  auto bytes = head(question, code, records.size());
  for (const auto& one : records) bytes += one;
  return bytes;
}

constexpr int k_a = 1, k_srv = 33, k_naptr = 35, k_no_such_name = 3, k_failed = 2;

std::string srv(int priority, int weight, int port, const std::string& host) {
  return record(k_srv, two(priority) + two(weight) + two(port) + name(host));
}

struct Asked {
  platform::SystemClock clock;
  NameServer server;
  std::unique_ptr<DnsClient> client;
  explicit Asked(NameServer::Answer says, Duration patience = 5s)
      : server(std::move(says)), client(make_dns_client(clock, patience, server.address())) {}
};

}  // namespace

TEST_CASE("SRV, NAPTR and address records are read as they stand") {
  Asked asked([](const std::string& question) -> std::string {
    const auto type = static_cast<unsigned char>(question[question.find('\0', 12) + 2]);
    if (type == k_srv) return answer(question, {srv(10, 60, 5061, "one.test"), srv(20, 0, 5062, "two.test")});
    if (type == k_naptr)
      return answer(question, {record(k_naptr, two(10) + two(50) + text("s") + text("SIPS+D2T") + text("") +
                                                   name("_sips._tcp.a.test"))});
    if (type == k_a) return answer(question, {record(k_a, std::string("\x7f\0\0\x05", 4))});
    return answer(question, {});
  });
  const auto services = asked.client->srv({}, "_sips._tcp.a.test").value();
  REQUIRE(services.size() == 2);
  CHECK(services[0].priority + services[1].priority == 30);
  CHECK(services[0].host.ends_with(".test"));
  const auto pointers = asked.client->naptr({}, "a.test").value();
  REQUIRE(pointers.size() == 1);
  CHECK(pointers[0].order == 10);
  CHECK(pointers[0].preference == 50);
  CHECK(pointers[0].flags == "s");
  CHECK(pointers[0].service == "SIPS+D2T");
  CHECK(pointers[0].replacement == "_sips._tcp.a.test");
  const auto targets = asked.client->addresses({}, "one.test", 5061).value();
  REQUIRE(targets.size() == 1);
  CHECK(targets[0].text == "127.0.0.5:5061");
}

TEST_CASE("no such name, and a name without such records, are no records and no errors") {
  for (const int code : {0, k_no_such_name}) {
    Asked asked([code](const std::string& question) { return answer(question, {}, code); });
    CHECK(asked.client->srv({}, "a.test").value().empty());
    CHECK(asked.client->naptr({}, "a.test").value().empty());
    CHECK(asked.client->addresses({}, "a.test", 5061).error().code == ErrorCode::not_found);
  }
}

TEST_CASE("a server that fails, and one that is silent, are errors with what to check") {
  Asked failing([](const std::string& question) { return answer(question, {}, k_failed); });
  const auto failed = failing.client->srv({}, "a.test");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == ErrorCode::unavailable);
  CHECK(failed.error().summary == "cannot look up SRV of a.test: no DNS server gives an answer");
  REQUIRE(failed.error().hints.size() == 1);
  Asked silent([](const std::string&) { return std::string(); }, 300ms);
  const auto before = silent.clock.monotonic();
  CHECK(silent.client->srv({}, "a.test").error().code == ErrorCode::timeout);
  CHECK(silent.clock.monotonic() - before < 2s);
  std::stop_source stop;
  stop.request_stop();
  CHECK(silent.client->srv({std::nullopt, stop.get_token()}, "a.test").error().code == ErrorCode::cancelled);
  platform::SystemClock clock;
  CHECK(make_dns_client(clock, 1s, "no server")->srv({}, "a.test").error().code == ErrorCode::invalid_input);
}

TEST_CASE("answers of random bytes, and good ones that are cut anywhere, never do more than fail") {
  platform::SeededRandom random(4);
  std::atomic<std::size_t> length{0};
  std::atomic<bool> cut{false};
  Asked asked(
      [&](const std::string& question) {
        if (cut) return answer(question, {srv(1, 1, 5061, "one.test")}).substr(0, length);
        std::string bytes(12 + random.below(200), '\0');
        random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
        // A head that fits, so that the rest is looked at.
        return head(question, 0, 1 + random.below(3)) + bytes;
      },
      120ms);
  for (int i = 0; i < 40; ++i) {
    (void)asked.client->srv({}, "a.test");
    (void)asked.client->naptr({}, "a.test");
  }
  cut = true;
  const auto whole = answer(std::string(12, 'x') + name("a.test") + two(k_srv) + two(1), {srv(1, 1, 5061, "one.test")});
  for (length = 13; length < whole.size(); length += 7) {
    const auto records = asked.client->srv({}, "a.test");
    CHECK((!records || records->empty()));
  }
}
