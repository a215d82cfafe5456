#pragma once
// A service with a judge that is a table, a clock that only the test moves, and a client that has manners.
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "cmd/genesys_sim/service/service.hpp"

namespace trunkform::sim::testing {

/// `chain("a")` is good with `key("a")` only; words in the text say what is wrong with it.
class TableJudge final : public CertificateJudge {
 public:
  Judgement judge(std::string_view chain_pem, std::string_view key_pem, Instant now) const override;
};

/// `words`: `expired`, `incomplete`, `root` (the last certificate is self-signed).
std::string chain(const std::string& name, const std::string& words = "");
std::string key(const std::string& name, const std::string& words = "");
std::string patch_body(const std::string& certificate, const std::string& private_key);

/// The value at a JSON pointer as text (strings without their quotes); `absent` where there is none.
std::string at(std::string_view json, const std::string& pointer);
/// How many elements the array at a JSON pointer has.
std::size_t length(std::string_view json, const std::string& pointer);

constexpr const char* k_trunks = "/api/v2/telephony/providers/edge/trunks";

class World {
 public:
  explicit World(std::size_t trunks = 3, ServiceOptions options = default_options());
  static ServiceOptions default_options();

  Instant now = Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));
  TableJudge judge;
  Service service;
  std::string token = "static-token";

  Response send(std::string method, std::string path, std::string body = "", std::vector<Header> more = {});
  /// As it is: no header is added.
  Response raw(Request request);
  Response get(const std::string& path) { return send("GET", path); }
  Response list(const std::string& query = "") {
    return get(std::string(k_trunks) + (query.empty() ? "" : "?" + query));
  }
  Response trunk(const std::string& id) { return get(std::string(k_trunks) + "/" + id); }
  Response bind(const std::string& id, const std::string& name) {
    return send("PATCH", std::string(k_trunks) + "/" + id, patch_body(chain(name), key(name)));
  }
  Response grant(const std::string& basic, const std::string& body = "grant_type=client_credentials");
  /// Must succeed.
  void turn(const std::string& knobs);
  void pass(Duration duration) { now += duration; }
  std::string admin(const std::string& what, const std::string& query = "");
  std::vector<std::string> violated() const;  ///< kinds, in order
  std::uint64_t violations() const { return service.summary().violations; }
};

std::string header(const Response& response, const std::string& name);

}  // namespace trunkform::sim::testing
