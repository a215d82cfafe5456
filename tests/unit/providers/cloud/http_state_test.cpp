// A state server over HTTP: what is sent, and what its answers mean. That Terraform's protocol is kept to is in
// tests/integration/state_http.
#include <functional>

#include <catch2/catch.hpp>

#include "providers/cloud/basic_authorization.hpp"
#include "providers/cloud/http_state/server.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"

using namespace trunkform;
using namespace trunkform::cloud::http_state;
using platform::http_response;

namespace {

const Wish k_gitlab{.address = "https://gitlab.example.com/api/v4/projects/7/terraform/state/{workspace}",
                    .update_method = {},
                    .lock_address = "https://gitlab.example.com/api/v4/projects/7/terraform/state/{workspace}/lock",
                    .lock_method = "POST",
                    .unlock_address = {},
                    .unlock_method = "DELETE"};
constexpr const char* k_info = R"({"ID":"l-1","Operation":"apply","Info":"","Who":"ops@host","Version":"0.1.0"})";

struct ServerBench {
  platform::SimulatedClock clock{*parse_rfc3339("2026-11-28T08:00:00Z")};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  Context context;
  std::function<platform::HttpAnswer()> answer;
  std::vector<platform::SentRequest> asked;
  Server server{options(), http, clock, random};

  ServerBench() {
    answers(200, "");
    http.handle([this](const platform::SentRequest& request) -> platform::HttpAnswer {
      asked.push_back(request);
      return answer();
    });
  }
  static ServerOptions options() {
    ServerOptions options;
    options.place = *place_of(k_gitlab);
    options.authorization =
        cloud::basic_authorization("gitlab-ci-token", SecretBuffer::copy_of("canary-http-password"));
    return options;
  }
  void answers(int status, const std::string& body, const std::vector<HttpHeader>& headers = {}) {
    answer = [=] { return http_response(status, body, headers); };
  }
  std::string line() const { return asked.back().method + " " + asked.back().url; }
};

template <class T>
ErrorCode code_in(const Result<T>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

}  // namespace

TEST_CASE("a state server is asked as Terraform asks it, each workspace at its own address") {
  ServerBench bench;
  const std::string base = "https://gitlab.example.com/api/v4/projects/7/terraform/state/lab";
  REQUIRE(bench.server.get(bench.context, "lab"));
  CHECK(bench.line() == "GET " + base);
  REQUIRE(bench.server.put(bench.context, "lab", "{}", "l 1"));
  CHECK(bench.line() == "POST " + base + "?ID=l%201");
  CHECK(bench.asked.back().body == "{}");
  REQUIRE(bench.server.lock(bench.context, "lab", k_info));
  CHECK(bench.line() == "POST " + base + "/lock");
  CHECK(bench.asked.back().body == k_info);
  REQUIRE(bench.server.unlock(bench.context, "lab", k_info));
  CHECK(bench.line() == "DELETE " + base + "/lock");
  CHECK(bench.asked.back().body == k_info);
  REQUIRE(bench.server.remove(bench.context, "lab", "l-1"));
  CHECK(bench.line() == "DELETE " + base + "?ID=l-1");
  CHECK(bench.server.place("lab") == "gitlab.example.com/api/v4/projects/7/terraform/state/lab");
  for (const auto& request : bench.asked) CHECK(request.url.find("canary") == std::string::npos);
}

TEST_CASE("no state is 404, 204, or nothing at all") {
  ServerBench bench;
  for (const auto status : {404, 204, 200}) {
    bench.answers(status, "");
    const auto found = bench.server.get(bench.context, "default");
    REQUIRE(found);
    CHECK_FALSE(*found);
  }
  bench.answers(200, "{}");
  CHECK(**bench.server.get(bench.context, "default") == "{}");
}

TEST_CASE("a lock that is held is an answer, with who has it, also where that is our own") {
  ServerBench bench;
  for (const auto status : {409, 423}) {
    bench.answers(status, k_info);
    const auto answer = bench.server.lock(bench.context, "default", k_info);
    REQUIRE(answer);
    CHECK_FALSE(answer->is_taken);
    CHECK(answer->holder == k_info);
  }
}

TEST_CASE("what a server refuses is told as what it is, with what to do") {
  struct Row {
    int status;
    ErrorCode code;
    std::string hint;
  };
  const auto row = GENERATE(values<Row>({{401, ErrorCode::denied, "TF_HTTP_PASSWORD"},
                                         {403, ErrorCode::denied, "docs/permissions.md"},
                                         {404, ErrorCode::not_found, "the address is right"},
                                         {405, ErrorCode::unsupported, "lock_method"},
                                         {409, ErrorCode::fenced, ""},
                                         {413, ErrorCode::rejected, "max_terraform_state_size_bytes"},
                                         {422, ErrorCode::conflict, ""},
                                         {423, ErrorCode::fenced, ""},
                                         {302, ErrorCode::rejected, "redirects"},
                                         {400, ErrorCode::rejected, ""}}));
  INFO(row.status);
  ServerBench bench;
  bench.answers(row.status, "why");
  const auto refused = bench.server.put(bench.context, "default", "{}", "l-1");
  CHECK(code_in(refused) == row.code);
  CHECK(bench.asked.size() == 1);
  if (row.hint.empty()) return;
  REQUIRE_FALSE(refused.error().hints.empty());
  CHECK(refused.error().hints.front().find(row.hint) != std::string::npos);
}

TEST_CASE("reads and asking for the lock are repeated, a write whose answer was lost is not") {
  ServerBench bench;
  int left = 1;
  bench.answer = [&]() -> platform::HttpAnswer { return http_response(left-- > 0 ? 503 : 200, ""); };
  CHECK(bench.server.get(bench.context, "default"));
  CHECK(bench.asked.size() == 2);
  left = 1;
  CHECK(bench.server.lock(bench.context, "default", k_info)->is_taken);
  left = 1;
  CHECK(code_in(bench.server.put(bench.context, "default", "{}", "l-1")) == ErrorCode::outcome_unknown);
  left = 1;
  CHECK(code_in(bench.server.unlock(bench.context, "default", k_info)) == ErrorCode::outcome_unknown);
}

TEST_CASE("a client certificate goes with each request") {
  ServerBench bench;
  auto options = ServerBench::options();
  options.certificate = ClientCertificate{"chain", SecretBuffer::copy_of("key")};
  Server server(std::move(options), bench.http, bench.clock, bench.random);
  REQUIRE(server.get(bench.context, "default"));
  CHECK(bench.asked.back().client_chain == "chain");
  CHECK(bench.asked.back().client_key == "key");
  CHECK(bench.asked.back().authorization.starts_with("Basic "));
}

TEST_CASE("the time is the server's own") {
  ServerBench bench;
  bench.answers(404, "", {{"Date", "Sat, 28 Nov 2026 09:00:00 GMT"}});
  CHECK(*bench.server.now(bench.context, "default") == *parse_rfc3339("2026-11-28T09:00:00Z"));
  bench.answers(404, "");
  CHECK(code_in(bench.server.now(bench.context, "default")) == ErrorCode::protocol);
}

TEST_CASE("addresses that cannot be are told, with what to write") {
  const auto with = [](const std::function<void(Wish&)>& change) {
    auto wish = k_gitlab;
    change(wish);
    return place_of(wish);
  };
  const std::vector<Result<Place>> wrong{
      with([](Wish& wish) { wish.address.clear(); }),
      with([](Wish& wish) { wish.lock_address.clear(); }),
      with([](Wish& wish) { wish.address = "gitlab.example.com"; }),
      with([](Wish& wish) { wish.address = "https://ops:secret@gitlab.example.com/{workspace}"; }),
      with([](Wish& wish) { wish.address = "https://{workspace}.example.com/state"; }),
      with([](Wish& wish) { wish.lock_address = "https://gitlab.example.com/lock"; }),
      with([](Wish& wish) { wish.unlock_address = "https://gitlab.example.com/lock"; }),
      with([](Wish& wish) { wish.lock_method = "LOCK / HTTP/1.1\r\nX: y"; })};
  for (const auto& place : wrong) {
    CHECK(code_in(place) == ErrorCode::invalid_input);
    CHECK_FALSE(place.error().hints.empty());
    CHECK(to_line(place.error()).find("secret") == std::string::npos);
  }
  const auto plain = place_of({"https://state.example.com/a", "", "https://state.example.com/a", "", "", ""});
  REQUIRE(plain);
  CHECK(plain->addresses() == StateAddresses::one);
  CHECK(plain->update_method == "POST");
  CHECK(plain->lock_method == "LOCK");
  CHECK(plain->unlock_address == "https://state.example.com/a");
  CHECK(plain->unlock_method == "UNLOCK");
}
