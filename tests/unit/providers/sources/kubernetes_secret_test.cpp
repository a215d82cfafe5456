// What a Kubernetes secret gives, and what the API server's refusals mean.
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "providers/x509/private_key.hpp"
#include "schemas/codec/base64.hpp"
#include "tests/unit/providers/sources/folder.hpp"

using namespace trunkform;
using namespace trunkform::sources;
using platform::http_response;
using platform::SentRequest;
using samples::k_now;
using samples::must;

namespace {

const Context k_cluster_call;

struct Cluster {
  platform::SimulatedClock clock{k_now};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  int tokens = 0;
  int status = 200;
  std::string version = "41", fields;
  std::string refusal = R"({"kind":"Status","message":"secrets \"east\" is as it is","code":0})";
  cloud::kubernetes::Client client;
  platform::PosixFileSystem files;
  Services services;

  Cluster()
      : client({.server = "https://10.0.0.1:6443",
                .ca_file = "/account/ca.crt",
                .token = [this]() -> Result<SecretBuffer> {
                  return SecretBuffer::copy_of("canary-token-" + std::to_string(++tokens) + "\n");
                }},
               http, clock, random) {
    http.handle([this](const SentRequest& request) -> platform::HttpAnswer {
      if (status != 200) return http_response(status, refusal);
      const bool partial = request.headers.front().value.find("PartialObjectMetadata") != std::string::npos;
      return http_response(200, R"({"metadata":{"name":"east","resourceVersion":")" + version +
                                    R"(","creationTimestamp":"2026-05-28T20:26:40Z"})" +
                                    (partial ? "" : R"(,"type":"kubernetes.io/tls","data":{)" + fields + "}") + "}");
    });
    services.kubernetes = [this] { return Result<cloud::kubernetes::Client*>(&client); };
  }
  std::unique_ptr<CertificateSource> source(std::map<std::string, std::string> arguments = {}) {
    arguments.insert({{"namespace", "sip"}, {"secret", "east"}});
    return must(make_source({"kubernetes_secret", arguments}, {files, "/", nullptr, &services}));
  }
  void put(const std::string& certificate, const std::string& key, const std::string& first = "tls.crt",
           const std::string& second = "tls.key") {
    fields =
        '"' + first + R"(":")" + encode_base64(certificate) + R"(",")" + second + R"(":")" + encode_base64(key) + '"';
  }
};

template <class T>
Error refused_by_cluster(Result<T> result) {
  REQUIRE_FALSE(result);
  CHECK(to_line(result.error()).find("canary") == std::string::npos);
  return std::move(result.error());
}

}  // namespace

TEST_CASE("a TLS secret gives its chain to a plan and its key to an apply, with a token read anew") {
  Cluster cluster;
  const auto one = samples::renewal(0);
  cluster.put(one.chain_pem, one.leaf.key.text());
  auto source = cluster.source();
  const auto described = must(source->describe(k_cluster_call, {}, {}));
  CHECK(described.version.value == "41");
  CHECK_FALSE(described.since);
  CHECK(described.certificates_pem == one.chain_pem);
  CHECK_FALSE(described.no_key);
  const auto fetched = must(source->fetch(k_cluster_call, {"41"}));
  CHECK(fetched.certificates_pem == one.chain_pem);
  CHECK(fetched.private_key.view() == one.leaf.key.text());
  const auto sent = cluster.http.sent();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].url == "https://10.0.0.1:6443/api/v1/namespaces/sip/secrets/east");
  CHECK(sent[0].authorization == "Bearer canary-token-1");
  CHECK(sent[1].authorization == "Bearer canary-token-2");
}

TEST_CASE("fields may have other names, and one that is not there is told by those that are") {
  Cluster cluster;
  const auto one = samples::renewal(0);
  cluster.put(one.chain_pem, one.leaf.key.text(), "chain", "pk");
  CHECK(must(cluster.source({{"certificate_field", "chain"}, {"key_field", "pk"}})->fetch(k_cluster_call, {"41"}))
            .private_key.view() == one.leaf.key.text());
  const auto error = refused_by_cluster(cluster.source()->describe(k_cluster_call, {}, {}));
  CHECK(to_line(error) == R"(the secret "sip/east" has no field "tls.crt" with text: it has "chain", "pk")");
  const auto described = must(cluster.source({{"certificate_field", "chain"}})->describe(k_cluster_call, {}, {}));
  REQUIRE(described.no_key);
  CHECK(described.no_key->summary == R"(the secret "sip/east" has no field "tls.key" with text)");
  cluster.fields = R"("tls.crt":"canary*","tls.key":"")";
  CHECK(refused_by_cluster(cluster.source()->describe(k_cluster_call, {}, {})).code == ErrorCode::protocol);
}

TEST_CASE("metadata shows whether a secret is the known one, and that it has no earlier ones") {
  Cluster cluster;
  const auto one = samples::renewal(0);
  cluster.put(one.chain_pem, one.leaf.key.text());
  auto source = cluster.source();
  CHECK(must(source->describe(k_cluster_call, {}, VersionId{"41"})).unchanged);
  const auto versions = must(source->versions(k_cluster_call));
  REQUIRE(versions.size() == 1);
  CHECK(versions[0].id.value == "41");
  CHECK_FALSE(versions[0].created);
  for (const auto& request : cluster.http.sent())
    CHECK(request.headers.front().value == "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
  CHECK_FALSE(must(source->describe(k_cluster_call, {}, VersionId{"40"})).unchanged);
}

TEST_CASE("a secret that was written between plan and apply is not sent") {
  Cluster cluster;
  const auto one = samples::renewal(0);
  cluster.put(one.chain_pem, one.leaf.key.text());
  cluster.version = "42";
  const auto error = refused_by_cluster(cluster.source()->fetch(k_cluster_call, {"41"}));
  CHECK(error.code == ErrorCode::conflict);
  CHECK(error.detail == R"(planned "41", there is "42"; a cluster keeps no earlier ones)");
}

TEST_CASE("what the API server refuses is told in its words") {
  Cluster cluster;
  const auto [status, code] = GENERATE(table<int, ErrorCode>({{401, ErrorCode::denied},
                                                              {403, ErrorCode::denied},
                                                              {404, ErrorCode::not_found},
                                                              {429, ErrorCode::throttled},
                                                              {500, ErrorCode::unavailable},
                                                              {406, ErrorCode::protocol}}));
  cluster.status = status;
  auto source = cluster.source();
  for (const auto& error : {refused_by_cluster(source->describe(k_cluster_call, {}, {})),
                            refused_by_cluster(source->fetch(k_cluster_call, {"41"})),
                            refused_by_cluster(source->versions(k_cluster_call))}) {
    CHECK(error.code == code);
    CHECK(error.summary == "GET https://10.0.0.1:6443/api/v1/namespaces/sip/secrets/east answered " +
                               std::to_string(status) + R"(: "secrets \"east\" is as it is")");
  }
}
