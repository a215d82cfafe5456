// ask-issuer: one call of an issuer against a real service, for tests that no command reaches yet.
//
//   ask-issuer TYPE ARGUMENTS.json KEY submit|find [-lifetime=720h] NAME ...   PEM on standard output
//   ask-issuer TYPE ARGUMENTS.json LEAF revoke REASON
//
// ARGUMENTS is an object of texts, as a locator has them; KEY is a PEM file; Vault is that of VAULT_ADDR and
// VAULT_TOKEN. Hosts are allowed unless ASK_ISSUER_HOST names another one. Errors: on standard error, with their codes;
// exit 1.
#include <algorithm>
#include <iostream>

#include <nlohmann/json.hpp>

#include "providers/issuers/registry.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/process_environment.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/x509/certificates.hpp"
#include "providers/x509/signing_request.hpp"

namespace {

using namespace trunkform;
using Words = std::vector<std::string>;

void show(const Error& error, const std::string& indent = {}) {
  std::cerr << indent << to_string(error.code) << ": " << error.summary << "\n";
  if (!error.detail.empty()) std::cerr << indent << "  " << error.detail << "\n";
  for (const auto& cause : error.causes) show(cause, indent + "  ");
  for (const auto& hint : error.hints) std::cerr << indent << "  hint: " << hint << "\n";
}

struct World {
  platform::PosixFileSystem files;
  platform::SystemClock clock;
  platform::SystemRandom random;
  platform::PosixProcessEnvironment environment;
  std::unique_ptr<HttpClient> http = platform::make_curl_client({}, clock);
  std::optional<cloud::vault::Client> vault;

  Result<SecretBuffer> secret(const std::string& reference) {
    if (reference.starts_with("file:")) return files.read_secret(reference.substr(5), 1U << 20U);
    if (auto taken = environment.take_secret(reference.substr(4))) return std::move(*taken);
    return Error(ErrorCode::not_found, "no secret " + reference);
  }
  Result<> host(const std::string& url) const {
    const auto only = environment.variable("ASK_ISSUER_HOST").value_or(url);
    if (url == only) return {};
    return Error(ErrorCode::untrusted, url + " is not trusted");
  }
  Result<cloud::vault::Client*> open_vault() {
    cloud::vault::Options options;
    options.address = environment.variable("VAULT_ADDR").value_or("");
    options.login.secret = [this] { return secret("env:VAULT_TOKEN"); };
    options.calls.retry_budget = std::chrono::seconds(5);
    if (!vault) vault.emplace(std::move(options), *http, clock, random);
    return &*vault;
  }
  issuers::Surroundings surroundings() {
    issuers::Permissions may;
    may.secret = [this](const std::string& reference) { return secret(reference); };
    may.readable = [](const std::string&) { return Result<>(); };
    may.host = [this](const std::string& url, const std::string&) { return host(url); };
    return {files, *http, clock, random, environment, nullptr, ".", std::move(may), [this] { return open_vault(); }};
  }
};

Result<IssueOrder> order_of(World& world, const std::string& key, Words names) {
  IssueOrder order;
  order.request = world.random.uuid();
  if (!names.empty() && names.front().starts_with("-lifetime=")) {
    order.lifetime = parse_duration(names.front().substr(10));
    names.erase(names.begin());
  }
  order.csr_der = TRY(x509::make_signing_request(TRY(world.files.read_secret(key, 1U << 20U)), names));
  order.names = std::move(names);
  return order;
}

Result<> run(World& world, const Words& words) {
  const auto json = nlohmann::json::parse(TRY(world.files.read(words.at(1), 1U << 20U)));
  const auto issuer =
      TRY(issuers::make_issuer({words.at(0), json.get<std::map<std::string, std::string>>()}, world.surroundings()));
  const auto& verb = words.at(3);
  if (verb == "revoke") {
    const auto leaf = TRY(x509::parse_certificates(TRY(world.files.read(words.at(2), 1U << 20U)))).front();
    const auto reason = words.at(4) == "superseded" ? RevocationReason::superseded : RevocationReason::key_compromise;
    return issuer->revoke({}, leaf.der, reason);
  }
  const auto order = TRY(order_of(world, words.at(2), Words(words.begin() + 4, words.end())));
  std::optional<OrderStatus> status;
  if (verb == "find")
    status = TRY(issuer->find({}, order));
  else
    status = TRY(issuer->submit({}, order));
  if (!status) return Error(ErrorCode::not_found, "nothing was found");
  std::cout << std::get<OrderIssued>(*status).certificates_pem;
  std::cerr << issuer->place() << "\n";
  return {};
}

}  // namespace

int main(int count, char** arguments) {
  try {
    World world;
    const auto done = run(world, Words(arguments + 1, arguments + count));
    if (done) return 0;
    show(done.error());
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << "\n";
  }
  return 1;
}
