// The key/value engine's answers as OpenBao 2 gives them (tests/integration/store_vault_kv.sh has the real ones).
#include <map>

#include <nlohmann/json.hpp>

#include "tests/unit/providers/stores/fake_service.hpp"

namespace trunkform::testing {
namespace {

using Json = nlohmann::json;
constexpr const char* k_time = "2026-11-27T20:00:00.123456789Z";

struct Version {
  Json data;
  bool is_destroyed = false;
  bool is_deleted = false;
  std::string deletion_time{};  ///< one that is still to come
  bool is_there() const { return !is_destroyed && !is_deleted; }
};

class FakeVault final : public FakeService {
 public:
  FakeAnswer answer(const std::string& method, const std::string& url, const std::string&,
                    const std::string& body) override {
    const auto path = url.substr(4, url.find('?') - 4);  // after /v1/
    if (path.starts_with("auth/token/")) return ok({{"ttl", 0}, {"renewable", false}});
    if (path == "sys/capabilities-self") return capabilities(Json::parse(body));
    if (!path.starts_with("secret/")) return {404, R"({"errors":["no handler for route"]})"};
    const auto rest = path.substr(7);
    const auto what = rest.substr(0, rest.find('/'));
    auto& versions = m_secrets[rest.substr(rest.find('/') + 1)];
    if (what == "metadata" && method == "POST") return limit(versions, Json::parse(body));
    if (what == "metadata") return metadata(versions);
    if (what == "destroy" || what == "delete") {
      const auto named = Json::parse(body).at("versions").get<std::vector<std::size_t>>();
      for (const auto number : named)
        (what == "destroy" ? versions.at(number).is_destroyed : versions.at(number).is_deleted) = true;
      return {204, {}};
    }
    if (method == "POST") return write(versions, Json::parse(body));
    const auto asked = url.find("?version=");
    return read(versions, asked == std::string::npos ? versions.size() : std::stoul(url.substr(asked + 9)));
  }

 private:
  using Versions = std::map<std::size_t, Version>;
  std::map<std::string, Versions> m_secrets;

  /// A token that may do everything but what is in its path's name: `no-update`.
  static FakeAnswer capabilities(const Json& body) {
    Json all;
    for (const auto& path : body.at("paths"))
      for (const auto* capability : {"create", "read", "update"})
        if (path.get<std::string>().find(std::string("no-") + capability) == std::string::npos)
          all[path.get<std::string>()].push_back(capability);
    return ok(all);
  }
  static FakeAnswer ok(const Json& data) { return {200, Json{{"data", data}}.dump()}; }
  static Json about(const Versions& versions, std::size_t number) {
    return {{"version", number},
            {"created_time", k_time},
            {"deletion_time",
             versions.at(number).is_deleted ? "2026-11-27T19:59:59.5Z" : versions.at(number).deletion_time},
            {"destroyed", versions.at(number).is_destroyed}};
  }
  static FakeAnswer write(Versions& versions, const Json& body) {
    if (!body.at("options").contains("cas") || body.at("options").at("cas") != versions.size())
      return {400, R"({"errors":["check-and-set parameter did not match the current version"]})"};
    versions[versions.size() + 1].data = body.at("data");
    return ok(about(versions, versions.size()));
  }
  /// `{"delete_version_after":"24h"}`, of the versions that are there already.
  static FakeAnswer limit(Versions& versions, const Json& body) {
    const auto hours = std::chrono::hours(std::stoi(body.at("delete_version_after").get<std::string>()));
    for (auto& [number, version] : versions) version.deletion_time = to_rfc3339(*parse_rfc3339(k_time) + hours);
    return {204, {}};
  }
  static FakeAnswer read(const Versions& versions, std::size_t number) {
    if (!versions.contains(number)) return {404, R"({"errors":[]})"};
    const auto& version = versions.at(number);
    auto answer = ok({{"data", version.is_there() ? version.data : Json()}, {"metadata", about(versions, number)}});
    if (!version.is_there()) answer.status = 404;
    return answer;
  }
  static FakeAnswer metadata(const Versions& versions) {
    if (versions.empty()) return {404, R"({"errors":[]})"};
    Json all;
    for (const auto& [number, version] : versions) all[std::to_string(number)] = about(versions, number);
    return ok({{"current_version", versions.size()}, {"versions", all}});
  }
};

}  // namespace

std::unique_ptr<FakeService> make_fake_vault() { return std::make_unique<FakeVault>(); }

}  // namespace trunkform::testing
