#pragma once
// An ACME server that does what a test says, in memory. It checks what every server checks: each nonce is one that it
// gave and is used once, and the address in the header is the one that was asked.
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "providers/issuers/acme/listeners.hpp"
#include "providers/issuers/acme/make.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"
#include "tests/support/certificate_factory.hpp"

namespace trunkform::issuers::samples {

inline const Context k_any;
inline const Instant k_now = *parse_rfc3339("2026-06-01T12:00:00Z");
inline const std::string k_place = "https://ca.example/";
inline const std::string k_ref = k_place + "order/1";
inline const std::string k_token = "abcdefghijklmnopqrstuvwx";

/// A request as the server understands it.
struct Heard {
  std::string method;
  std::string path;     ///< `new-order`
  std::string header;   ///< JSON
  std::string payload;  ///< JSON, or empty
};

struct Reply {
  int status = 200;
  std::string body = "{}";
  std::vector<HttpHeader> headers{};
};

class Variables final : public ProcessEnvironment {
 public:
  std::map<std::string, std::string> values;
  std::optional<std::string> variable(const std::string& name) const override {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<SecretBuffer> take_secret(const std::string&) override { return std::nullopt; }
  std::vector<std::string> names_with_prefix(const std::string&) const override { return {}; }
  Actor actor() const override { return {"ann", "host-1", 4711}; }
};

/// Remembers what ran, and ends as told.
class Hooks final : public ProgramRunner {
 public:
  std::vector<std::vector<std::string>> runs;
  ProgramEnd end;
  Result<ProgramEnd> run(const Context& context, const ProgramRequest& request) override;
};

class AcmeServer {
 public:
  using Route = std::function<Reply(const Heard&)>;

  AcmeServer();

  platform::SimulatedClock clock{k_now};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  platform::SimulatedFileSystem files;
  Variables environment;
  Hooks hooks;
  std::map<std::string, Route> routes;  ///< by path; what is not there is 404
  std::map<std::string, std::string> secrets;
  std::set<std::string> refused_hosts;  ///< `evil.example`
  int refused_nonces = 0;               ///< how many of the next are refused
  std::map<std::string, std::string> arguments;
  std::shared_ptr<acme::Listeners> listeners = std::make_shared<acme::Listeners>();  ///< of all its issuers

  const std::vector<Heard>& heard() const { return m_heard; }
  std::size_t count(const std::string& path) const;
  /// The last payload that came to a path.
  std::string payload(const std::string& path) const;

  Surroundings surroundings();
  std::unique_ptr<acme::AcmeIssuer> issuer();
  /// Two names, and what `replaces` is.
  IssueOrder order(const std::string& replaces_der = {}) const;
  const testing::Family& family() const { return m_family; }

  /// `directory` with what a test changes: text that stands instead of the member.
  void directory(const std::map<std::string, std::string>& members);
  /// The order's document.
  static std::string order_json(const std::string& status, const std::string& more = {});
  static std::string authorization_json(const std::string& status, const std::string& name = "sip.example.com",
                                        const std::string& challenge_more = {});
  static Reply problem(int status, const std::string& type, const std::string& detail = "because");

 private:
  platform::HttpAnswer answer(const platform::SentRequest& request);
  std::string nonce() { return "nonce-" + std::to_string(++m_nonces); }

  testing::Family m_family = testing::make_family(k_now);
  std::vector<Heard> m_heard;
  std::set<std::string> m_open_nonces;
  int m_nonces = 0;
};

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(to_line(result.error()));
  return std::move(*result);
}
inline void must(const Result<>& result) {
  if (!result) FAIL(to_line(result.error()));
}
template <class T>
Error error_of(Result<T> result) {
  if (result) FAIL("no error");
  return std::move(result.error());
}

/// Why an order is told to be gone.
Error gone_of(Result<OrderStatus> status);

/// Text of a member, for JSON that a test has.
std::string member(const std::string& json, std::initializer_list<std::string_view> path);
std::string decoded(const std::string& base64url);

}  // namespace trunkform::issuers::samples
