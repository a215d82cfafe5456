// Secrets Manager's labels as its API reference has them (PutSecretValue, UpdateSecretVersionStage); moto, which is
// asked in tests/integration/store_aws_secretsmanager.sh, is less strict.
#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "tests/unit/providers/stores/fake_service.hpp"

namespace trunkform::testing {
namespace {

using Json = nlohmann::json;

FakeAnswer refused(const std::string& code, const std::string& message) {
  return {400, Json{{"__type", code}, {"Message", message}}.dump()};
}

struct Secret {
  struct Version {
    std::string id, value;
  };
  std::vector<Version> versions;              ///< in their order
  std::map<std::string, std::string> labels;  ///< id by label

  Version* find(const std::string& id) {
    const auto found = std::find_if(versions.begin(), versions.end(), [&](const auto& one) { return one.id == id; });
    return found == versions.end() ? nullptr : &*found;
  }
  std::vector<std::string> labels_of(const std::string& id) const {
    std::vector<std::string> all;
    for (const auto& [label, at] : labels)
      if (at == id) all.push_back(label);
    return all;
  }
  void move_current(const std::string& to) {
    const auto before = labels.find("AWSCURRENT");
    if (before != labels.end()) labels["AWSPREVIOUS"] = before->second;
    labels["AWSCURRENT"] = to;
    if (labels.contains("AWSPREVIOUS") && labels["AWSPREVIOUS"] == to) labels.erase("AWSPREVIOUS");
  }
};

class FakeSecretsManager final : public FakeService {
 public:
  FakeAnswer answer(const std::string&, const std::string&, const std::string& operation,
                    const std::string& text) override {
    const auto body = Json::parse(text);
    if (operation == "CreateSecret") return create(body);
    const auto found = m_secrets.find(body.at("SecretId"));
    if (found == m_secrets.end())
      return refused("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    auto& secret = found->second;
    if (operation == "DescribeSecret") return describe(found->first, secret);
    if (operation == "ListSecretVersionIds") return list(secret);
    if (operation == "PutSecretValue") return put(secret, body);
    if (operation == "UpdateSecretVersionStage") return move(secret, body);
    return get(secret, body);
  }

 private:
  std::map<std::string, Secret> m_secrets;

  FakeAnswer create(const Json& body) {
    if (m_secrets.contains(body.at("Name"))) return refused("ResourceExistsException", "it already exists.");
    auto& secret = m_secrets[body.at("Name")];
    if (!body.contains("SecretString")) return {200, "{}"};
    secret.versions.push_back({body.at("ClientRequestToken"), body.at("SecretString")});
    secret.labels["AWSCURRENT"] = secret.versions.back().id;
    return {200, "{}"};
  }
  static FakeAnswer describe(const std::string& name, const Secret& secret) {
    Json answer{{"Name", name}, {"ARN", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:" + name + "-AbCdEf"}};
    for (const auto& [label, id] : secret.labels) answer["VersionIdsToStages"][id].push_back(label);
    return {200, answer.dump()};
  }
  static FakeAnswer list(const Secret& secret) {
    Json versions = Json::array();
    double time = 1795800000;
    for (const auto& version : secret.versions)
      versions.push_back(
          {{"VersionId", version.id}, {"CreatedDate", ++time}, {"VersionStages", secret.labels_of(version.id)}});
    return {200, Json{{"Versions", versions}}.dump()};
  }
  static FakeAnswer put(Secret& secret, const Json& body) {
    const std::string id = body.at("ClientRequestToken");
    if (id.size() < 32 || id.size() > 64) return refused("InvalidParameterException", "ClientRequestToken");
    if (const auto* known = secret.find(id))
      return known->value == body.at("SecretString").get<std::string>()
                 ? FakeAnswer{200, "{}"}
                 : refused("ResourceExistsException", "You can't modify an existing version.");
    secret.versions.push_back({id, body.at("SecretString")});
    if (secret.versions.size() == 1 || !body.contains("VersionStages")) secret.move_current(id);
    for (const auto& label : body.value("VersionStages", std::vector<std::string>())) {
      if (label == "AWSCURRENT")
        secret.move_current(id);
      else
        secret.labels[label] = id;
    }
    return secret.labels.size() > 20 ? refused("LimitExceededException", "labels") : FakeAnswer{200, "{}"};
  }
  static FakeAnswer move(Secret& secret, const Json& body) {
    const std::string label = body.at("VersionStage");
    const auto from = body.value("RemoveFromVersionId", ""), to = body.value("MoveToVersionId", "");
    const auto at = secret.labels.contains(label) ? secret.labels[label] : std::string();
    if (at != from) return refused("InvalidParameterException", "The label is attached to version " + at);
    if (!to.empty() && secret.find(to) == nullptr) return refused("ResourceNotFoundException", "no such version");
    if (to.empty())
      secret.labels.erase(label);
    else if (label == "AWSCURRENT")
      secret.move_current(to);
    else
      secret.labels[label] = to;
    return {200, "{}"};
  }
  static FakeAnswer get(Secret& secret, const Json& body) {
    const auto id = body.contains("VersionId") ? body.at("VersionId").get<std::string>()
                                               : secret.labels[body.value("VersionStage", "AWSCURRENT")];
    const auto* version = secret.find(id);
    if (version == nullptr) return refused("ResourceNotFoundException", "can't find the specified secret value");
    return {200, Json{{"VersionId", id}, {"SecretString", version->value}, {"CreatedDate", 1795800000.5}}.dump()};
  }
};

}  // namespace

std::unique_ptr<FakeService> make_fake_secrets_manager() { return std::make_unique<FakeSecretsManager>(); }

}  // namespace trunkform::testing
