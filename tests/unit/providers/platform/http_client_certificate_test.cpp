// Who we are in TLS: shown where it is asked for, by the one request that it is for.
#include <algorithm>
#include <condition_variable>
#include <mutex>

#include <catch2/catch.hpp>

#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/unit/providers/platform/temporary_folder.hpp"
#include "tests/unit/providers/support/tls_server.hpp"

using namespace trunkform;
using platform::make_curl_client;

namespace {

const platform::SystemClock k_certificate_clock;

testing::Family machine(const std::string& name) {
  auto family = testing::make_family(k_certificate_clock.now());
  auto request = testing::leaf_request(k_certificate_clock.now(), name);
  request.extended_key_usage = {"clientAuth"};
  family.leaf = testing::make(request, family.intermediate);
  return family;
}

/// What each connection was for its server: whether it was resumed, and as whom.
struct Seen {
  std::vector<std::string> client;
  bool resumed = false;
  bool ended = false;
};

/// A server that asks for certificates of `machines`, and keeps its connections open.
class Bench {
 public:
  explicit Bench(int max_version = 0) {
    m_folder.write("root.pem", m_server_family.root.pem);
    m_server =
        std::make_unique<testing::TlsServer>(testing::TlsServerSettings{.chain_pem = m_server_family.chain_pem(),
                                                                        .key_pem = m_server_family.leaf.key.text(),
                                                                        .max_version = max_version,
                                                                        .client_roots_pem = machines.root.pem},
                                             [this](testing::TlsSession& session) {
                                               const auto number = note(session);
                                               while (!session.read().empty())
                                                 session.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                                               const std::scoped_lock lock(m_mutex);
                                               m_seen[number].ended = true;
                                               m_change.notify_all();
                                             });
    m_client = make_curl_client({.ca_file = (m_folder / "root.pem").string()}, k_certificate_clock);
  }

  auto send(const std::string& method, const ClientCertificate* certificate, const char* scheme = "https") const {
    HttpRequest request;
    request.method = method;
    request.url = std::string(scheme) + "://localhost:" + std::to_string(m_server->port()) + "/";
    request.client_certificate = certificate;
    return m_client->send({}, request);
  }
  std::vector<Seen> seen() {
    const std::scoped_lock lock(m_mutex);
    return m_seen;
  }
  /// False where they do not within ten seconds.
  bool all_ended() {
    std::unique_lock lock(m_mutex);
    return m_change.wait_for(lock, std::chrono::seconds(10), [&] {
      return std::all_of(m_seen.begin(), m_seen.end(), [](const Seen& seen) { return seen.ended; });
    });
  }
  static ClientCertificate shown(const testing::Family& family) {
    return {family.chain_pem(), SecretBuffer::copy_of(family.leaf.key.text())};
  }

  testing::Family machines = machine("machine.example.com");

 private:
  std::size_t note(const testing::TlsSession& session) {
    const std::scoped_lock lock(m_mutex);
    m_seen.push_back({session.client(), session.resumed()});
    return m_seen.size() - 1;
  }

  platform::TemporaryFolder m_folder;
  testing::Family m_server_family = testing::make_family(k_certificate_clock.now(), "localhost");
  std::mutex m_mutex;
  std::condition_variable m_change;
  std::vector<Seen> m_seen;
  std::unique_ptr<testing::TlsServer> m_server;  // its threads use what stands above
  std::unique_ptr<HttpClient> m_client;          // goes first: they wait for its connections to end
};

}  // namespace

TEST_CASE("a server that asks is shown the certificate and those above it") {
  Bench bench(GENERATE(0x0303, 0x0304));  // TLS 1.2 and 1.3
  const auto own = Bench::shown(bench.machines);
  REQUIRE(bench.send("POST", &own));
  const auto seen = bench.seen();
  REQUIRE(seen.size() == 1);
  REQUIRE_FALSE(seen.front().client.empty());
  CHECK(seen.front().client.front().find("CN=machine.example.com") != std::string::npos);
  CHECK(seen.front().client.size() >= 2);
  CHECK(bench.all_ended());  // libcurl has the key for as long as the connection
}

TEST_CASE("nobody else's request goes over its connection or resumes its session, before or after") {
  Bench bench(GENERATE(0x0303, 0x0304));
  const auto own = Bench::shown(bench.machines);
  const auto is_ours = [](const Seen& seen) { return !seen.client.empty(); };
  REQUIRE(bench.send("GET", nullptr));  // a connection that libcurl would like to reuse
  REQUIRE(bench.send("GET", &own));
  REQUIRE(bench.seen().size() == 2);
  CHECK(is_ours(bench.seen().back()));
  CHECK_FALSE(bench.seen().back().resumed);
  // A POST takes no connection that is open, but resumes a session where there is one.
  for (const auto* method : {"GET", "POST"}) {
    REQUIRE(bench.send(method, &own));
    CHECK(is_ours(bench.seen().back()));
    REQUIRE(bench.send("POST", nullptr));
    CHECK_FALSE(is_ours(bench.seen().back()));
    REQUIRE(bench.send("GET", nullptr));
  }
  const auto seen = bench.seen();
  CHECK(std::count_if(seen.begin(), seen.end(), is_ours) == 3);
  CHECK(std::none_of(seen.begin(), seen.end(), [&](const Seen& one) { return one.resumed && is_ours(one); }));
}

TEST_CASE("a certificate of somebody else's authority is refused for good, and the server says it") {
  Bench bench(GENERATE(0x0303, 0x0304));
  const auto foreign = Bench::shown(machine("stranger.example.com"));
  const auto refused = bench.send("POST", &foreign);
  REQUIRE_FALSE(refused);
  const auto& error = refused.error().error;
  INFO(to_line(error));
  CHECK(error.code == ErrorCode::denied);
  CHECK(error.summary.find("unknown ca") != std::string::npos);
  REQUIRE(error.hints.size() == 1);
  CHECK(error.hints.front().find("client certificate") != std::string::npos);
}

TEST_CASE("a key of another certificate, and plain http, are told before anything is sent") {
  Bench bench;
  auto mixed = Bench::shown(bench.machines);
  mixed.private_key = SecretBuffer::copy_of(testing::Key::make().text());
  const auto refused = bench.send("POST", &mixed);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().error.code == ErrorCode::invalid_input);
  CHECK(refused.error().reached == Reached::no);
  const auto own = Bench::shown(bench.machines);
  const auto plain = bench.send("POST", &own, "http");
  REQUIRE_FALSE(plain);
  CHECK(plain.error().error.code == ErrorCode::invalid_input);
  CHECK(plain.error().error.detail.find("plain http") != std::string::npos);
  CHECK(bench.seen().empty());
}
