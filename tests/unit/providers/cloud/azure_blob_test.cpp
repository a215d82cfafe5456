// A container of Azure Blob Storage: what is sent, and what its answers mean. That Azurite takes it is in
// tests/integration/state_azblob.
#include <functional>

#include <catch2/catch.hpp>

#include "providers/cloud/azure/blob_container.hpp"
#include "providers/cloud/retry_after.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"

using namespace std::chrono_literals;
using namespace trunkform;
using namespace trunkform::cloud::azure;
using platform::http_response;

namespace {

constexpr const char* k_lease_id = "1b2c3d4e-0000-4000-8000-000000000001";

struct BlobBench {
  platform::SimulatedClock clock{*parse_rfc3339("2026-11-28T08:00:00Z")};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  Context context;
  int logins = 0;
  std::function<platform::HttpAnswer()> answer;  ///< of the service, to whatever is asked
  std::vector<platform::SentRequest> asked;
  BlobContainer own{options(), http, clock, random};
  BlobStore& container = own;

  BlobBench() {
    answers(200, "", {{"ETag", "\"e1\""}});
    http.handle([this](const platform::SentRequest& request) -> platform::HttpAnswer {
      if (request.method == "POST") {
        CHECK(request.body.find("scope=https%3A%2F%2Fstorage.azure.com%2F.default") != std::string::npos);
        return http_response(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"token-)" +
                                      std::to_string(++logins) + "\"}");
      }
      asked.push_back(request);
      return answer();
    });
  }
  static BlobOptions options() {
    BlobOptions options;
    options.identity.authority = "https://login.microsoftonline.com";
    const auto secret = [] { return Result<SecretBuffer>(SecretBuffer::copy_of("canary-secret")); };
    options.identity.chain.push_back({"a test", ClientSecret{{"tenant", "client"}, secret}, {}});
    options.place = *blob_place("opsstate", "", "ops-state");
    return options;
  }
  std::string header(const std::string& name) const {
    for (const auto& header : asked.back().headers)
      if (header.name == name) return header.value;
    return {};
  }
  void answers(int status, const std::string& body, const std::vector<HttpHeader>& headers = {}) {
    answer = [=] { return http_response(status, body, headers); };
  }
  void refuse(int status, const std::string& code) {
    answers(status,
            "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + code +
                "</Code><Message>because\nRequestId:1</Message></Error>",
            {{"x-ms-error-code", code}});
  }
};

template <class T>
Error blob_error(const Result<T>& result) {
  REQUIRE_FALSE(result);
  return result.error();
}

}  // namespace

TEST_CASE("a blob is put with its condition, its lease and its notes, under a token for storage") {
  BlobBench bench;
  bench.answers(201, "", {{"ETag", "\"e1\""}});
  const auto etag = bench.container.put(bench.context, "sip/a b/state", "text", {{"trunkform_format", "1"}},
                                        WriteCondition::unchanged("\"e0\""), k_lease_id);
  REQUIRE(etag);
  CHECK(*etag == "\"e1\"");
  const auto& request = bench.asked.back();
  CHECK(request.method == "PUT");
  CHECK(request.url == "https://opsstate.blob.core.windows.net/ops-state/sip/a%20b/state");
  CHECK(request.body == "text");
  CHECK(request.secret);
  CHECK(request.authorization == "Bearer token-1");
  CHECK(bench.header("x-ms-version") == "2023-11-03");
  CHECK(bench.header("x-ms-date") == "Sat, 28 Nov 2026 08:00:00 GMT");
  CHECK(bench.header("x-ms-blob-type") == "BlockBlob");
  CHECK(bench.header("If-Match") == "\"e0\"");
  CHECK(bench.header("x-ms-lease-id") == k_lease_id);
  CHECK(bench.header("x-ms-meta-trunkform_format") == "1");
  REQUIRE(bench.container.put(bench.context, "k", "", {}, WriteCondition::absent()));
  CHECK(bench.header("If-None-Match") == "*");
  CHECK(bench.header("If-Match").empty());
  CHECK(bench.header("x-ms-lease-id").empty());
  CHECK(bench.logins == 1);
}

TEST_CASE("a lease is taken, renewed and released under the id that is said") {
  BlobBench bench;
  REQUIRE(bench.container.lease(bench.context, "state", k_lease_id, 60s));
  CHECK(bench.asked.back().url.ends_with("/state?comp=lease"));
  CHECK(bench.header("x-ms-lease-action") == "acquire");
  CHECK(bench.header("x-ms-proposed-lease-id") == k_lease_id);
  CHECK(bench.header("x-ms-lease-duration") == "60");
  REQUIRE(bench.container.renew_lease(bench.context, "state", k_lease_id));
  CHECK(bench.header("x-ms-lease-action") == "renew");
  REQUIRE(bench.container.release_lease(bench.context, "state", k_lease_id));
  CHECK(bench.header("x-ms-lease-action") == "release");
  CHECK(bench.header("x-ms-lease-id") == k_lease_id);
  REQUIRE(bench.container.put_notes(bench.context, "state", {{"a", "b"}}, k_lease_id));
  CHECK(bench.asked.back().url.ends_with("/state?comp=metadata"));
  CHECK(bench.header("x-ms-meta-a") == "b");
}

TEST_CASE("an append names its place, and how often it was appended is told") {
  BlobBench bench;
  REQUIRE(bench.container.create_log(bench.context, "log", {}));
  CHECK(bench.header("x-ms-blob-type") == "AppendBlob");
  CHECK(bench.header("If-None-Match") == "*");
  bench.answers(201, "", {{"x-ms-blob-committed-block-count", "7"}});
  CHECK(bench.container.append(bench.context, "log", 41, "1 a\n") == 7U);
  CHECK(bench.asked.back().url.ends_with("/log?comp=appendblock"));
  CHECK(bench.header("x-ms-blob-condition-appendpos") == "41");
  bench.answers(201, "");
  CHECK(blob_error(bench.container.append(bench.context, "log", 41, "1 a\n")).code == ErrorCode::protocol);
}

TEST_CASE("what became of a write of a blob is told apart") {
  struct Row {
    int status;
    std::string code;
    ErrorCode expected;
    bool is_repeated = false;
  };
  const auto row = GENERATE(values<Row>({{412, "ConditionNotMet", ErrorCode::conflict},
                                         {412, "AppendPositionConditionNotMet", ErrorCode::conflict},
                                         {409, "BlobAlreadyExists", ErrorCode::conflict},
                                         {412, "LeaseIdMismatchWithBlobOperation", ErrorCode::fenced},
                                         {412, "LeaseNotPresentWithBlobOperation", ErrorCode::fenced},
                                         {412, "LeaseLost", ErrorCode::fenced},
                                         {409, "LeaseIdMismatchWithLeaseOperation", ErrorCode::fenced},
                                         {409, "LeaseNotPresentWithLeaseOperation", ErrorCode::fenced},
                                         {409, "LeaseIsBrokenAndCannotBeRenewed", ErrorCode::fenced},
                                         {409, "LeaseAlreadyPresent", ErrorCode::lock_held},
                                         {409, "LeaseIsBreakingAndCannotBeAcquired", ErrorCode::lock_held},
                                         {412, "LeaseIdMissing", ErrorCode::rejected},
                                         {409, "BlockCountExceedsLimit", ErrorCode::rejected},
                                         {404, "BlobNotFound", ErrorCode::not_found},
                                         {404, "ContainerNotFound", ErrorCode::not_found},
                                         {403, "AuthorizationPermissionMismatch", ErrorCode::denied},
                                         {403, "AuthorizationFailure", ErrorCode::denied},
                                         {503, "ServerBusy", ErrorCode::throttled, true},
                                         {429, "TooManyRequests", ErrorCode::throttled, true},
                                         {500, "OperationTimedOut", ErrorCode::outcome_unknown},
                                         {500, "InternalError", ErrorCode::outcome_unknown},
                                         {409, "ContainerBeingDeleted", ErrorCode::unavailable},
                                         {400, "InvalidHeaderValue", ErrorCode::rejected}}));
  INFO(row.status << ' ' << row.code);
  BlobBench bench;
  bench.refuse(row.status, row.code);
  const auto error = blob_error(bench.container.put(bench.context, "k", "text", {}, WriteCondition::absent()));
  CHECK(error.code == row.expected);
  CHECK((bench.asked.size() > 1) == row.is_repeated);
  const auto all = error.causes.empty() ? error.summary : error.causes.front().summary;
  CHECK(all.find(row.code) != std::string::npos);
  CHECK(all.find("RequestId") == std::string::npos);
}

TEST_CASE("a write of a blob whose answer is lost is sent once; a lease that is taken again is the same lease") {
  BlobBench bench;
  const auto lost = HttpFailure{Error(ErrorCode::unavailable, "cut"), Reached::maybe};
  bench.answer = [&] { return tl::unexpected(lost); };
  CHECK(blob_error(bench.container.put(bench.context, "k", "", {}, {})).code == ErrorCode::outcome_unknown);
  CHECK(blob_error(bench.container.append(bench.context, "k", 0, "1")).code == ErrorCode::outcome_unknown);
  CHECK(blob_error(bench.container.create_log(bench.context, "k", {})).code == ErrorCode::outcome_unknown);
  CHECK(blob_error(bench.container.release_lease(bench.context, "k", k_lease_id)).code == ErrorCode::outcome_unknown);
  CHECK(bench.asked.size() == 4);
  CHECK(blob_error(bench.container.lease(bench.context, "k", k_lease_id, 60s)).code == ErrorCode::unavailable);
  CHECK(bench.asked.size() > 5);
}

TEST_CASE("a blob is read with its notes and whether it is leased; none is no error, but no container is") {
  BlobBench bench;
  bench.answers(200, "text\n",
                {{"ETag", "\"e1\""}, {"X-MS-Meta-Trunkform_Format", "1"}, {"x-ms-lease-status", "locked"}});
  const auto found = bench.container.get(bench.context, "k");
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->bytes == "text\n");
  CHECK((*found)->facts.size == 5);
  CHECK((*found)->facts.is_leased);
  CHECK((*found)->facts.notes == BlobNotes{{"trunkform_format", "1"}});
  bench.answers(200, "", {{"ETag", "\"e1\""}, {"Content-Length", "41"}, {"x-ms-lease-status", "unlocked"}});
  const auto seen = bench.container.look(bench.context, "k", k_lease_id);
  REQUIRE(seen);
  CHECK((*seen)->size == 41);
  CHECK_FALSE((*seen)->is_leased);
  CHECK(bench.asked.back().method == "HEAD");
  CHECK(bench.header("x-ms-lease-id") == k_lease_id);
  bench.refuse(404, "BlobNotFound");
  CHECK(*bench.container.get(bench.context, "k") == std::nullopt);
  CHECK(*bench.container.look(bench.context, "k", "") == std::nullopt);
  CHECK(*bench.container.get_from(bench.context, "k", 3) == std::nullopt);
  CHECK(bench.container.remove(bench.context, "k", {}, ""));
  bench.refuse(404, "ContainerNotFound");
  const auto missing = blob_error(bench.container.get(bench.context, "k"));
  CHECK(missing.code == ErrorCode::not_found);
  CHECK(missing.hints.front().find("az storage container create") != std::string::npos);
}

TEST_CASE("a part of a blob is asked for by its place, and one behind its end is empty") {
  BlobBench bench;
  bench.answers(206, "xt\n");
  CHECK(*bench.container.get_from(bench.context, "k", 2) == std::optional<std::string>("xt\n"));
  CHECK(bench.header("x-ms-range") == "bytes=2-");
  bench.refuse(416, "InvalidRange");
  CHECK(*bench.container.get_from(bench.context, "k", 5) == std::optional<std::string>(""));
  bench.answers(200, "text\n");
  CHECK(blob_error(bench.container.get_from(bench.context, "k", 2)).code == ErrorCode::protocol);
}

TEST_CASE("a list of blobs has their sizes, and where it goes on") {
  BlobBench bench;
  bench.answers(200,
                "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults "
                "ContainerName=\"ops-state\"><Prefix>a/</Prefix>"
                "<Blobs><Blob><Name>a/1</Name><Properties><Content-Length>7</Content-Length></Properties></Blob>"
                "<Blob><Name>a/2&amp;3</Name><Properties><Content-Length>0</Content-Length></Properties></Blob></Blobs>"
                "<NextMarker>2!88!MDAw</NextMarker></EnumerationResults>");
  const auto page = bench.container.list(bench.context, "a/", "1!2=", 2);
  REQUIRE(page);
  REQUIRE(page->blobs.size() == 2);
  CHECK(page->blobs[0].name == "a/1");
  CHECK(page->blobs[0].size == 7);
  CHECK(page->blobs[1].name == "a/2&3");
  CHECK(page->next == "2!88!MDAw");
  CHECK(bench.asked.back().url ==
        "https://opsstate.blob.core.windows.net/"
        "ops-state?restype=container&comp=list&prefix=a%2F&maxresults=2&marker=1%212%3D");
  bench.answers(200, "<html>a proxy's page</html>");
  CHECK(blob_error(bench.container.list(bench.context, "a/", "", 2)).code == ErrorCode::protocol);
}

TEST_CASE("a token that is refused is fetched anew, once, also for a write") {
  BlobBench bench;
  REQUIRE(bench.container.put(bench.context, "k", "text", {}, {}));
  bench.refuse(401, "InvalidAuthenticationInfo");
  bench.clock.advance(1s);
  const auto refused = blob_error(bench.container.put(bench.context, "k", "text", {}, {}));
  CHECK(refused.code == ErrorCode::denied);
  CHECK(bench.logins == 2);
  CHECK(bench.asked.back().authorization == "Bearer token-2");
  CHECK(refused.hints.front().find("tenant") != std::string::npos);
  CHECK(to_line(refused).find("token-") == std::string::npos);
}

TEST_CASE("what time it is, the answer's Date says, also where there is no such blob") {
  BlobBench bench;
  bench.answers(404, "", {{"x-ms-error-code", "BlobNotFound"}, {"Date", "Sat, 28 Nov 2026 07:35:26 GMT"}});
  CHECK(bench.container.now(bench.context, "k") == *parse_rfc3339("2026-11-28T07:35:26Z"));
  bench.answers(404, "", {{"x-ms-error-code", "BlobNotFound"}});
  CHECK(blob_error(bench.container.now(bench.context, "k")).code == ErrorCode::protocol);
}

TEST_CASE("a container is at an account's name or at a whole address") {
  const auto place = [](const std::string& account, const std::string& endpoint, const std::string& container) {
    const auto found = blob_place(account, endpoint, container);
    REQUIRE(found);
    CHECK("https://" + found->shown == found->address + "/" + found->container);
    return found->address;
  };
  CHECK(place("opsstate", "", "ops-state") == "https://opsstate.blob.core.windows.net");
  CHECK(place("", "https://opsstate.blob.core.chinacloudapi.cn/", "ops") ==
        "https://opsstate.blob.core.chinacloudapi.cn");
  CHECK(place("", "https://127.0.0.1:10000/devstoreaccount1", "ops") == "https://127.0.0.1:10000/devstoreaccount1");
  struct Row {
    std::string account, endpoint, container;
  };
  const auto row = GENERATE(values<Row>({{"", "", "ops"},
                                         {"opsstate", "https://x.example.com", "ops"},
                                         {"Ops", "", "ops"},
                                         {"ab", "", "ops"},
                                         {"evil.example.com/", "", "ops"},
                                         {"", "http://127.0.0.1:10000/a", "ops"},
                                         {"", "https://x.example.com?sig=1", "ops"},
                                         {"", "x.example.com", "ops"},
                                         {"opsstate", "", "ab"},
                                         {"opsstate", "", "a--b"},
                                         {"opsstate", "", "-ab"},
                                         {"opsstate", "", "a/b"},
                                         {"opsstate", "", "$logs"}}));
  INFO(row.account << ' ' << row.endpoint << ' ' << row.container);
  const auto refused = blob_error(blob_place(row.account, row.endpoint, row.container));
  CHECK(refused.code == ErrorCode::invalid_input);
  CHECK_FALSE(refused.hints.empty());
}

TEST_CASE("a date of HTTP is written as it is read") {
  const auto time = *parse_rfc3339("1994-11-06T08:49:37Z");
  CHECK(cloud::to_http_date(time) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(cloud::parse_http_date(cloud::to_http_date(time), time) == time);
}
