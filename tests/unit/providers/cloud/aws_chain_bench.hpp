#pragma once
// A machine on which credentials are looked for: its environment and files, and who answers.
#include <map>

#include <catch2/catch.hpp>

#include "providers/cloud/aws/chain.hpp"
#include "providers/platform/simulated/clock.hpp"
#include "providers/platform/simulated/file_system.hpp"
#include "providers/platform/simulated/http_client.hpp"
#include "providers/platform/simulated/random.hpp"

namespace trunkform::cloud::samples {

class FixedEnvironment final : public ProcessEnvironment {
 public:
  std::map<std::string, std::string> variables{{"HOME", "/srv/sip"}};
  std::optional<std::string> variable(const std::string& name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
  std::optional<SecretBuffer> take_secret(const std::string& name) override {
    const auto found = variable(name);
    return found ? std::optional(SecretBuffer::copy_of(*found)) : std::nullopt;
  }
  std::vector<std::string> names_with_prefix(const std::string&) const override { return {}; }
  Actor actor() const override { return {}; }
};

inline const Context k_whenever;

struct ChainBench {
  FixedEnvironment environment;
  platform::SimulatedFileSystem disk;
  FileSystem& files = disk;
  platform::SimulatedClock clock{*parse_rfc3339("2026-11-27T20:00:00Z")};
  platform::SeededRandom random{1};
  platform::ScriptedHttpClient http;
  aws::Surroundings around{environment,
                           files,
                           http,
                           clock,
                           random,
                           [](const std::string& service, const std::string& region) -> Result<std::string> {
                             return "https://" + service + "." + region + ".amazonaws.com";
                           }};
  aws::Wanted wanted{"eu-central-1"};

  void write(const std::string& path, const std::string& text) {
    REQUIRE(files.create_directories(Path(path).parent_path()));
    REQUIRE(files.replace(path, text));
  }
  Result<aws::Credentials> find() const { return aws::find_credentials(k_whenever, around, wanted); }
  std::vector<std::string> asked() const {
    std::vector<std::string> urls;
    for (const auto& request : http.sent()) urls.push_back(request.method + " " + request.url);
    return urls;
  }
};

inline std::string sts_answer(const std::string& action, const std::string& id) {
  return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action +
         "Result><AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/x/y</Arn></AssumedRoleUser><Credentials>"
         "<AccessKeyId>" +
         id +
         "</AccessKeyId><SecretAccessKey>canary-of-sts&amp;</SecretAccessKey><SessionToken>canary-token</SessionToken>"
         "<Expiration>2026-11-27T21:00:00Z</Expiration></Credentials></" +
         action + "Result></" + action + "Response>";
}

inline std::string header(const platform::SentRequest& request, const std::string& name) {
  for (const auto& one : request.headers)
    if (one.name == name) return one.value;
  for (const auto& one : request.secret_headers)
    if (one.name == name) return one.value;
  return {};
}

}  // namespace trunkform::cloud::samples
