#include "tests/support/azblob_bench.hpp"

#include <atomic>
#include <iostream>
#include <thread>

#include "providers/cloud/azure/blob_container.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "state/backends/azblob/engine.hpp"
#include "state/backends/azblob/layout.hpp"
#include "state/backends/azblob/state_blob.hpp"
#include "tests/support/backend_machine.hpp"

using namespace std::chrono_literals;

namespace trunkform::testing {
namespace {

namespace azure = cloud::azure;

/// What happens between all connections of a bench and its server, which speaks TLS alone.
struct Wire {
  enum class Next { arrives, request_is_lost, answer_is_lost };
  std::atomic<Next> next_write = Next::arrives;
  std::atomic<bool> renewals_arrive = true;
};

bool has_header(const HttpRequest& request, const std::string& name, const std::string& value) {
  for (const auto& header : request.headers)
    if (header.name == name && header.value == value) return true;
  return false;
}

/// Loses what the wire loses. Logins it answers itself, with the token that the environment has.
class WiredClient final : public HttpClient {
 public:
  WiredClient(Machine& machine, Wire& wire)
      : m_wire(wire), m_inner(platform::make_curl_client(options(), machine.clock)) {}

  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override {
    if (request.method == "POST") return login();
    const auto lost = [] {
      return HttpFailure{Error(ErrorCode::unavailable, "the connection was cut"), Reached::maybe};
    };
    if (has_header(request, "x-ms-lease-action", "renew") && !m_wire.renewals_arrive) return tl::unexpected(lost());
    if (request.method != "PUT") return m_inner->send(context, request);
    const auto next = m_wire.next_write.exchange(Wire::Next::arrives);
    if (next == Wire::Next::request_is_lost) return tl::unexpected(lost());
    auto answer = m_inner->send(context, request);
    if (next == Wire::Next::answer_is_lost) return tl::unexpected(lost());
    return answer;
  }

 private:
  Wire& m_wire;
  std::unique_ptr<HttpClient> m_inner;

  static platform::CurlOptions options() {
    platform::CurlOptions options;
    options.ca_file = said("TRUNKFORM_CA_FILE");
    return options;
  }
  static HttpResponse login() {
    HttpResponse answer;
    answer.status = 200;
    answer.secret_body = SecretBuffer::copy_of(R"({"token_type":"Bearer","expires_in":36000,"access_token":")" +
                                               said("AZBLOB_TOKEN") + "\"}");
    return answer;
  }
};

/// A container with credentials and connections of its own.
class OwnContainer {
 public:
  OwnContainer(Machine& machine, Wire& wire)
      : m_http(machine, wire), store(options(), m_http, machine.clock, machine.random) {}

 private:
  WiredClient m_http;

  static azure::BlobOptions options() {
    azure::BlobOptions options;
    options.identity.authority = "https://login.example.com";
    const auto secret = [] { return Result<SecretBuffer>(SecretBuffer::copy_of("secret")); };
    options.identity.chain.push_back({"the bench", azure::ClientSecret{{"tenant", "client"}, secret}, {}});
    auto place = azure::blob_place("", said("AZBLOB_ENDPOINT"), said("AZBLOB_CONTAINER"));
    if (!place) throw std::runtime_error(to_line(place.error()));
    options.place = std::move(*place);
    return options;
  }

 public:
  azure::BlobContainer store;  ///< borrows what is above
};

class AzblobBench final : public BackendBench {
 public:
  AzblobBench() {
    m_settings.prefix = place_of_a_case();
    m_settings.time_to_live = 15s;
  }

  state::Backend open(const std::string& workspace) override {
    const auto own = std::make_shared<OwnContainer>(m_machine, m_wire);
    const std::shared_ptr<BlobStore> store(own, &own->store);
    return m_machine.open(
        [this, store](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
          return state::azblob::open_engine(m_settings, name, store, m_machine.clock, m_machine.random);
        },
        workspace);
  }
  bool lose_next(Lost lost) override {
    m_wire.next_write = lost == Lost::request ? Wire::Next::request_is_lost : Wire::Next::answer_is_lost;
    return true;
  }
  bool has_lost() override { return m_wire.next_write == Wire::Next::arrives; }
  bool take_lock_away(const std::string& workspace) override {
    using namespace state::azblob;
    OwnContainer own(m_machine, m_wire);
    const auto name = Layout(m_settings.prefix, workspace).state();
    const auto facts = own.store.look({}, name, {});
    if (!facts || !*facts) return false;
    const auto seen = state_blob_of(name, **facts);
    if (!seen || !seen->noted) return false;
    const auto freed = own.store.release_lease({}, name, lease_id_of(seen->noted->id));
    if (!freed) std::cerr << to_line(freed.error()) << '\n';
    return freed.has_value();
  }
  /// Renewals are lost from now on, and then the server's own clock runs.
  bool let_lock_run_out() override {
    m_wire.renewals_arrive = false;
    std::this_thread::sleep_for(m_settings.time_to_live + 2s);
    m_wire.renewals_arrive = true;
    return true;
  }

 private:
  Machine m_machine;
  Wire m_wire;
  state::azblob::Settings m_settings;
};

}  // namespace

std::unique_ptr<BackendBench> make_azblob_bench() { return std::make_unique<AzblobBench>(); }

}  // namespace trunkform::testing
