// How a cluster's API server is asked, and which of its answers are waited for.
#include <catch2/catch.hpp>

#include "providers/cloud/kubernetes/client.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud;

namespace {

/// Keeps what a script does not: how a request is to be carried out.
class WatchedHttp final : public HttpClient {
 public:
  platform::ScriptedHttpClient script;
  std::vector<HttpRequest> requests;
  std::vector<std::string> tokens;
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override {
    requests.push_back(request);
    tokens.emplace_back(request.authorization->view());
    return script.send(context, request);
  }
};

struct ApiServer {
  platform::SimulatedClock clock{*parse_rfc3339("2026-06-01T12:00:00Z")};
  platform::SeededRandom random{1};
  WatchedHttp http;
  int read = 0;
  kubernetes::Client client{{.server = "https://10.0.0.1:6443",
                             .ca_file = "/account/ca.crt",
                             .token = [this]() -> Result<SecretBuffer> {
                               return SecretBuffer::copy_of("canary-" + std::to_string(++read) + "\n");
                             }},
                            http,
                            clock,
                            random};
};

}  // namespace

TEST_CASE("a cluster is asked with its own roots, within bounds, and its answer is kept as a secret") {
  ApiServer server;
  const auto part = GENERATE(kubernetes::Part::metadata, kubernetes::Part::whole);
  server.http.script.push(200, R"({"metadata":{}})");
  REQUIRE(server.client.read({}, "api/v1/namespaces/sip/secrets/east", part));
  REQUIRE(server.http.requests.size() == 1);
  const auto& request = server.http.requests.front();
  CHECK(request.url == "https://10.0.0.1:6443/api/v1/namespaces/sip/secrets/east");
  CHECK(request.ca_file == "/account/ca.crt");
  CHECK(request.secret_answer);
  CHECK(request.body_limit == 8U << 20);
  CHECK(request.timeout == kubernetes::Options().timeout);
  CHECK(request.plain == PlainHttp::loopback);
  CHECK(server.http.tokens == std::vector<std::string>{"Bearer canary-1"});
  REQUIRE(request.headers.size() == 1);
  CHECK(request.headers.front().value == (part == kubernetes::Part::metadata
                                              ? "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
                                              : "application/json"));
}

TEST_CASE("an API server that is busy is asked again when it says, with the token of then; a refusal is told at once") {
  ApiServer server;
  const auto [status, code, passes] = GENERATE(table<int, ErrorCode, bool>({
      {429, ErrorCode::throttled, true},
      {500, ErrorCode::unavailable, true},
      {503, ErrorCode::unavailable, true},
      {302, ErrorCode::protocol, false},
      {304, ErrorCode::protocol, false},
      {401, ErrorCode::denied, false},
      {403, ErrorCode::denied, false},
      {404, ErrorCode::not_found, false},
      {409, ErrorCode::protocol, false},
  }));
  server.http.script.push(status, R"({"message":"as it is"})",
                          {{"Retry-After", "3"}, {"Location", "https://elsewhere.example.com/"}});
  server.http.script.push(200, "{}");
  const auto answer = server.client.read({}, "a", kubernetes::Part::whole);
  INFO(status);
  CHECK(answer.has_value() == passes);
  CHECK(server.http.requests.size() == (passes ? 2 : 1));
  if (passes) {
    CHECK(server.http.tokens.back() == "Bearer canary-2");
    CHECK(server.clock.monotonic() >= 3s);
  } else {
    CHECK(answer.error().code == code);
    CHECK(to_line(answer.error()).find("canary") == std::string::npos);
  }
}
