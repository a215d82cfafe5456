#include "tests/support/http_bench.hpp"

#include <atomic>

#include "providers/cloud/basic_authorization.hpp"
#include "providers/cloud/http_state/server.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "schemas/codec/lock_codec.hpp"
#include "state/backends/http/engine.hpp"
#include "tests/support/backend_machine.hpp"

namespace trunkform::testing {
namespace {

namespace http_state = cloud::http_state;

enum class NextWrite { arrives, request_is_lost, answer_is_lost };

/// Loses what it is told to, between all connections of a bench and its server.
class LosingClient final : public HttpClient {
 public:
  LosingClient(Machine& machine, std::atomic<NextWrite>& next)
      : m_next(next), m_inner(platform::make_curl_client(options(), machine.clock)) {}

  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override {
    const auto cut = [] {
      return HttpFailure{Error(ErrorCode::unavailable, "the connection was cut"), Reached::maybe};
    };
    const auto next = request.method == "GET" ? NextWrite::arrives : m_next.exchange(NextWrite::arrives);
    if (next == NextWrite::request_is_lost) return tl::unexpected(cut());
    auto answer = m_inner->send(context, request);
    if (next == NextWrite::answer_is_lost) return tl::unexpected(cut());
    return answer;
  }

 private:
  std::atomic<NextWrite>& m_next;
  std::unique_ptr<HttpClient> m_inner;

  static platform::CurlOptions options() {
    platform::CurlOptions options;
    options.ca_file = said("TRUNKFORM_CA_FILE");
    return options;
  }
};

/// A server with connections of its own.
class OwnServer {
 public:
  OwnServer(Machine& machine, std::atomic<NextWrite>& next, const std::string& place)
      : m_http(machine, next), server(options(place), m_http, machine.clock, machine.random) {}

 private:
  LosingClient m_http;

  static http_state::ServerOptions options(const std::string& place) {
    const auto address = said("HTTP_STATE_URL") + "/" + place + "-{workspace}";
    auto wanted = http_state::place_of({.address = address,
                                        .update_method = {},
                                        .lock_address = address + said("HTTP_LOCK_PATH"),
                                        .lock_method = said("HTTP_LOCK_METHOD"),
                                        .unlock_address = {},
                                        .unlock_method = said("HTTP_UNLOCK_METHOD")});
    if (!wanted) throw std::runtime_error(to_line(wanted.error()));
    http_state::ServerOptions options;
    options.place = std::move(*wanted);
    options.authorization =
        cloud::basic_authorization(said("TF_HTTP_USERNAME"), SecretBuffer::copy_of(said("TF_HTTP_PASSWORD")));
    return options;
  }

 public:
  http_state::Server server;  ///< borrows what is above
};

class HttpBench final : public BackendBench {
 public:
  state::Backend open(const std::string& workspace) override {
    const auto own = std::make_shared<OwnServer>(m_machine, m_next, m_place);
    const std::shared_ptr<StateServer> server(own, &own->server);
    return m_machine.open(
        [this, server](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
          return state::http::open_engine(name, server, m_machine.clock, m_machine.random);
        },
        workspace);
  }
  bool lose_next(Lost lost) override {
    m_next = lost == Lost::request ? NextWrite::request_is_lost : NextWrite::answer_is_lost;
    return true;
  }
  bool has_lost() override { return m_next == NextWrite::arrives; }
  bool take_lock_away(const std::string& workspace) override {
    OwnServer own(m_machine, m_next, m_place);
    LockInfo look;
    look.id = "of nobody";
    const auto held = own.server.lock({}, workspace, encode_lock_info(look));
    return held && !held->is_taken && own.server.unlock({}, workspace, held->holder);
  }

 private:
  Machine m_machine;
  std::atomic<NextWrite> m_next = NextWrite::arrives;
  const std::string m_place = place_of_a_case();
};

}  // namespace

std::unique_ptr<BackendBench> make_http_bench() { return std::make_unique<HttpBench>(); }

}  // namespace trunkform::testing
