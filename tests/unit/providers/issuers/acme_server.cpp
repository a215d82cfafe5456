#include "tests/unit/providers/issuers/acme_server.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "providers/cloud/secret_base64.hpp"
#include "providers/cloud/secret_json.hpp"

namespace trunkform::issuers::samples {
std::string member(const std::string& json, std::initializer_list<std::string_view> path) {
  return cloud::SecretJson(SecretBuffer::copy_of(json)).text(path).value_or("");
}

std::string decoded(const std::string& base64url) {
  const auto bytes = cloud::secret_from_base64url(base64url);
  return bytes ? std::string(bytes->view()) : "not base64url: " + base64url;
}

Result<ProgramEnd> Hooks::run(const Context&, const ProgramRequest& request) {
  auto run = request.arguments;
  run.insert(run.begin(), request.path.string());
  runs.push_back(std::move(run));
  return ProgramEnd{end.exit_code, end.signal, end.output};
}

AcmeServer::AcmeServer() {
  secrets["file:account.pem"] = testing::Key::shared().text();
  must(files.create_directories("/web"));
  arguments = {{"directory", k_place + "dir"},
               {"account_key", "file:account.pem"},
               {"agree_terms", "true"},
               {"http_01.webroot", "/web"}};
  directory({});
  routes["new-account"] = [](const Heard&) {
    return Reply{200, R"({"status":"valid"})", {{"Location", k_place + "account/1"}}};
  };
  routes["new-order"] = [](const Heard&) {
    return Reply{201, order_json("pending"), {{"Location", k_place + "order/1"}}};
  };
  http.handle([this](const platform::SentRequest& request) { return answer(request); });
}

platform::HttpAnswer AcmeServer::answer(const platform::SentRequest& request) {
  Heard heard{request.method, request.url.substr(k_place.size()), {}, {}};
  REQUIRE(request.url.starts_with(k_place));
  if (heard.path == "new-nonce") {
    m_open_nonces.insert("nonce-" + std::to_string(m_nonces + 1));
    return platform::http_response(200, "", {{"Replay-Nonce", nonce()}});
  }
  bool has_bad_nonce = false;
  if (request.method == "POST") {
    heard.header = decoded(member(request.body, {"protected"}));
    heard.payload = decoded(member(request.body, {"payload"}));
    CHECK(member(heard.header, {"url"}) == request.url);
    const auto used = member(heard.header, {"nonce"});
    INFO(used);
    CHECK(m_open_nonces.erase(used) == 1);
    has_bad_nonce = refused_nonces > 0;
    if (has_bad_nonce) --refused_nonces;
  }
  if (!has_bad_nonce) m_heard.push_back(heard);
  const auto route = routes.find(heard.path);
  auto reply = has_bad_nonce           ? problem(400, "badNonce")
               : route == routes.end() ? problem(404, "malformed", "no such page")
                                       : route->second(heard);
  reply.headers.push_back({"Replay-Nonce", nonce()});
  m_open_nonces.insert(reply.headers.back().value);
  return platform::http_response(reply.status, reply.body, reply.headers);
}

std::size_t AcmeServer::count(const std::string& path) const {
  std::size_t number = 0;
  for (const auto& one : m_heard)
    if (one.path == path) ++number;
  return number;
}

std::string AcmeServer::payload(const std::string& path) const {
  const auto last = std::find_if(m_heard.rbegin(), m_heard.rend(), [&](const Heard& one) { return one.path == path; });
  return last == m_heard.rend() ? "nobody asked for " + path : last->payload;
}

Surroundings AcmeServer::surroundings() {
  Permissions may;
  may.secret = [this](const std::string& reference) -> Result<SecretBuffer> {
    const auto found = secrets.find(reference);
    if (found == secrets.end()) return Error(ErrorCode::untrusted, reference + " may not be read");
    return SecretBuffer::copy_of(found->second);
  };
  may.host = [this](const std::string& url, const std::string& kind) -> Result<> {
    CHECK(kind == "acme");
    for (const auto& host : refused_hosts)
      if (url.find(host) != std::string::npos) return Error(ErrorCode::untrusted, host + " is not trusted");
    return {};
  };
  may.write = [](const std::string& kind, const Path& path) -> Result<> {
    if (kind != "acme_webroot" || path != "/web") return Error(ErrorCode::untrusted, path.string() + " is not trusted");
    return {};
  };
  may.program = [](const std::vector<std::string>& command, const std::vector<std::string>&) -> Result<ProgramRequest> {
    ProgramRequest request;
    request.path = command.front();
    request.arguments = {command.begin() + 1, command.end()};
    return request;
  };
  return {files, http, clock, random, environment, &hooks, "/", may, {}, listeners};
}

std::unique_ptr<acme::AcmeIssuer> AcmeServer::issuer() { return must(acme::make(arguments, surroundings())); }

Error gone_of(Result<OrderStatus> status) {
  const auto answer = must(std::move(status));
  REQUIRE(std::holds_alternative<OrderGone>(answer));
  return std::get<OrderGone>(answer).why;
}

IssueOrder AcmeServer::order(const std::string& replaces_der) const {
  return {"00000000-0000-4000-8000-000000000001", {"sip.example.com"}, {}, {}, "csr", replaces_der};
}

void AcmeServer::directory(const std::map<std::string, std::string>& members) {
  std::map<std::string, std::string> all = {
      {"newNonce", "\"" + k_place + "new-nonce\""},         {"newAccount", "\"" + k_place + "new-account\""},
      {"newOrder", "\"" + k_place + "new-order\""},         {"revokeCert", "\"" + k_place + "revoke\""},
      {"keyChange", "\"" + k_place + "key-change\""},       {"renewalInfo", "\"" + k_place + "renewal\""},
      {"meta", R"({"profiles":{"default":"","short":""}})"}};
  for (const auto& [name, value] : members) all[name] = value;
  std::string json;
  for (const auto& [name, value] : all) json += fmt::format("{}\"{}\":{}", json.empty() ? "{" : ",", name, value);
  routes["dir"] = [json](const Heard&) { return Reply{200, json + "}"}; };
}

std::string AcmeServer::order_json(const std::string& status, const std::string& more) {
  return R"({"status":")" + status + R"(","expires":"2026-06-08T12:00:00Z","authorizations":[")" + k_place +
         R"(authz/1"],"finalize":")" + k_place + R"(finalize/1","certificate":")" + k_place + R"(cert/1")" + more + "}";
}

std::string AcmeServer::authorization_json(const std::string& status, const std::string& name,
                                           const std::string& challenge_more) {
  const auto challenge = [&](const std::string& type) {
    return R"({"type":")" + type + R"(","url":")" + k_place + "challenge/" + type + R"(","token":")" + k_token +
           R"(","status":"pending"})";
  };
  auto first = challenge("http-01");
  first.insert(first.size() - 1, challenge_more);
  return R"({"status":")" + status + R"(","identifier":{"type":"dns","value":")" + name + R"("},"challenges":[)" +
         R"({"type":"tls-alpn-01","status":"pending"},)" + first + "," + challenge("dns-01") + "]}";
}

Reply AcmeServer::problem(int status, const std::string& type, const std::string& detail) {
  return {status, R"({"type":"urn:ietf:params:acme:error:)" + type + R"(","detail":")" + detail + "\"}"};
}

}  // namespace trunkform::issuers::samples
