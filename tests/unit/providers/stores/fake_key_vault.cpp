// A key vault's answers in memory; tests/support/key_vault is the one that Microsoft's clients have passed.
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "tests/unit/providers/stores/fake_service.hpp"

namespace trunkform::testing {
namespace {

using Json = nlohmann::json;

class FakeKeyVault final : public FakeService {
 public:
  FakeAnswer answer(const std::string& method, const std::string& url, const std::string&,
                    const std::string& text) override {
    const auto path = url.substr(0, url.find('?'));
    if (!path.starts_with("/secrets/")) return {200, R"({"access_token":"canary-token","expires_in":3600})"};
    const auto rest = path.substr(9);
    const auto slash = std::min(rest.find('/'), rest.size());
    const auto name = rest.substr(0, slash);
    const auto version = slash < rest.size() ? rest.substr(slash + 1) : std::string();
    auto& versions = m_secrets[name];
    if (method == "PUT") return add(versions, name, Json::parse(text));
    if (versions.empty()) return {404, R"({"error":{"code":"SecretNotFound","message":"not found"}})"};
    if (version == "versions") return list(versions, name, url);
    auto& item = version.empty() ? versions.rbegin()->second : versions.at(std::stoi(version, nullptr, 16));
    if (method == "PATCH") {
      item["attributes"].update(Json::parse(text).at("attributes"));
    } else if (!item["attributes"]["enabled"].get<bool>()) {
      return {403, R"({"error":{"code":"Forbidden","innererror":{"code":"SecretDisabled"}}})"};
    }
    return {200, item.dump()};
  }

 private:
  using Versions = std::map<int, Json>;
  std::map<std::string, Versions> m_secrets;
  int m_made = 0;

  FakeAnswer add(Versions& versions, const std::string& name, Json item) {
    const int number = ++m_made;
    item["id"] = fmt::format("https://sip.vault.azure.net/secrets/{}/{:032x}", name, number);
    // Two of one second now and then: their order in a list says nothing.
    item["attributes"] = {{"enabled", true}, {"created", 1780000000 + number / 2}};
    versions[number] = item;
    return {200, item.dump()};
  }
  /// One a page, behind an empty first one: the service says how many there may be at most, and never how many there
  /// are.
  static FakeAnswer list(const Versions& versions, const std::string& name, const std::string& url) {
    static constexpr std::string_view k_mark = "$skiptoken=";
    const auto at = url.find(k_mark);
    const auto from =
        at == std::string::npos ? versions.begin() : versions.lower_bound(std::stoi(url.substr(at + k_mark.size())));
    Json items = Json::array();
    auto next = from;
    if (at != std::string::npos && from != versions.end()) {
      auto item = from->second;
      item.erase("value");
      items.push_back(item);
      ++next;
    }
    Json link = nullptr;
    if (next != versions.end())
      link = fmt::format("https://sip.vault.azure.net/secrets/{}/versions?api-version=7.4&{}{}", name, k_mark,
                         next->first);
    return {200, Json{{"value", items}, {"nextLink", link}}.dump()};
  }
};

}  // namespace

std::unique_ptr<FakeService> make_fake_key_vault() { return std::make_unique<FakeKeyVault>(); }

}  // namespace trunkform::testing
