#pragma once
// One vault that logs in whoever asks, and the client that speaks with it.
#include <string>
#include <utility>

#include "providers/cloud/vault/client.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "tests/support/certificate_factory.hpp"

namespace trunkform::testing {

struct VaultBench {
  platform::SimulatedClock clock{Instant(std::chrono::hours(1))};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  int logins = 0, renewals = 0;
  std::string lease = R"("lease_duration":3600,"renewable":true)";

  cloud::vault::Options options(cloud::vault::Method method) {
    cloud::vault::Options options;
    options.address = "https://vault.example.com:8200";
    options.name_space = "telephony/";
    options.login = {method, "approle", "a role\"", [] { return SecretBuffer::copy_of("canary-secret-id\n"); }};
    return options;
  }
  /// Logins and renewals are answered here, all else by `handler`.
  void serve(platform::ScriptedHttpClient::Handler handler) {
    http.handle([this, handler = std::move(handler)](const platform::SentRequest& request) -> platform::HttpAnswer {
      const auto granted = [&](int number) {
        return platform::http_response(
            200, R"({"auth":{"client_token":"canary-token-)" + std::to_string(number) + R"(",)" + lease + "}}");
      };
      if (request.url.ends_with("/auth/approle/login") || request.url.ends_with("/auth/cert/login"))
        return granted(++logins);
      if (request.url.ends_with("/auth/token/renew-self")) return ++renewals, granted(logins);
      return handler(request);
    });
  }
  cloud::vault::Client client(cloud::vault::Method method = cloud::vault::Method::approle) {
    return {options(method), http, clock, random};
  }
  /// Logs in by `certificate` and `key`, which may be changed afterwards.
  cloud::vault::Client client_with_certificate(const std::string& role) {
    auto by_certificate = options(cloud::vault::Method::cert);
    by_certificate.login = {cloud::vault::Method::cert, "cert", role, [this] { return SecretBuffer::copy_of(key); },
                            [this] { return SecretBuffer::copy_of(certificate); }};
    return {std::move(by_certificate), http, clock, random};
  }

  Family family = make_family(clock.now(), "machine");
  std::string certificate = family.chain_pem(), key = family.leaf.key.text();
};

}  // namespace trunkform::testing
