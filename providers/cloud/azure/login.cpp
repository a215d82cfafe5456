#include "providers/cloud/azure/login.hpp"

#include <fmt/format.h>

#include "providers/cloud/azure/assertion.hpp"
#include "providers/cloud/percent_encoding.hpp"
#include "providers/cloud/secret_text.hpp"

namespace trunkform::cloud::azure {
namespace {

constexpr std::string_view k_metadata = "http://169.254.169.254/metadata/identity/oauth2/token";
constexpr std::uint64_t k_largest_token = 1U << 20;

HttpRequest token_request(std::string method, std::string url) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers = {{"Accept", "application/json"}};
  request.body_limit = k_largest_token;
  request.secret_answer = true;
  return request;
}

std::string endpoint_of(const std::string& authority, const Application& application) {
  return fmt::format("{}/{}/oauth2/v2.0/token", authority, percent_encoded(application.tenant));
}

/// `what`: the parameter that proves who we are; `proof` is percent-encoded.
void ask_authority(Login& login, const std::string& endpoint, const Application& application,
                   const std::string& resource, std::string_view what, const SecretBuffer& proof) {
  const auto client = percent_encoded(application.client);
  const auto scope = percent_encoded(resource + "/.default");
  login.request = token_request("POST", endpoint);
  login.request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
  login.secret =
      joined({"grant_type=client_credentials&client_id=", client, "&scope=", scope, "&", what, proof.view()});
  login.request.secret_body = &login.secret;
  login.request.credential = login.secret.view().substr(login.secret.size() - proof.size());
}

constexpr std::string_view k_assertion =
    "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=";

void ask_machine(const ManagedIdentity& identity, const std::string& resource, HttpRequest& request) {
  const bool has_endpoint = !identity.endpoint.empty();
  auto url = fmt::format("{}?api-version={}&resource={}", has_endpoint ? identity.endpoint : k_metadata,
                         has_endpoint ? "2019-08-01" : "2018-02-01", percent_encoded(resource));
  if (!identity.client.empty()) url += "&client_id=" + percent_encoded(identity.client);
  request = token_request("GET", std::move(url));
  request.plain = PlainHttp::machine;
  if (!has_endpoint) request.headers.push_back({"Metadata", "true"});
}

}  // namespace

Result<> prepare_login(const Link& link, const std::string& authority, const std::string& resource, Instant now,
                       Random& random, Login& login) {
  if (const auto* way = std::get_if<ManagedIdentity>(&link.how)) {
    ask_machine(*way, resource, login.request);
    if (!way->header) return {};
    login.secret = TRY(way->header());
    login.request.secret_headers = {{"X-IDENTITY-HEADER", &login.secret}};
    return {};
  }
  const auto& application = *application_of(link);
  const auto endpoint = endpoint_of(authority, application);
  const auto ask = [&](std::string_view what, const SecretBuffer& proof) {
    ask_authority(login, endpoint, application, resource, what, percent_encoded_secret(trimmed(proof.view())));
  };
  if (const auto* way = std::get_if<ClientSecret>(&link.how)) ask("client_secret=", TRY(way->secret()));
  if (const auto* way = std::get_if<WorkloadIdentity>(&link.how)) ask(k_assertion, TRY(way->token()));
  if (const auto* way = std::get_if<ClientCertificate>(&link.how))
    ask(k_assertion, TRY(assertion_of(*way, endpoint, now, random)));
  return {};
}

HttpRequest metadata_probe() {
  HttpRequest request;
  request.url = k_metadata;
  request.timeout = std::chrono::seconds(1);
  request.body_limit = k_largest_token;
  request.plain = PlainHttp::machine;
  return request;
}

std::string shown_call(const HttpRequest& request) {
  return fmt::format("{} {}", request.method, request.url.substr(0, request.url.find('?')));
}

const Application* application_of(const Link& link) {
  if (const auto* way = std::get_if<ClientSecret>(&link.how)) return &way->application;
  if (const auto* way = std::get_if<ClientCertificate>(&link.how)) return &way->application;
  if (const auto* way = std::get_if<WorkloadIdentity>(&link.how)) return &way->application;
  return nullptr;
}

}  // namespace trunkform::cloud::azure
