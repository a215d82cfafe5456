#include "tests/corpora/case.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace trunkform::corpora {
namespace {

using Json = nlohmann::json;

std::string joined(const Json& texts) {
  std::string all;
  for (const auto& text : texts) all += text.get<std::string>();
  return all;
}

Instant instant_of(const Json& time) {
  if (!time.is_string()) return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto instant = parse_rfc3339(time.get<std::string>());
  if (!instant) throw std::runtime_error("no instant: " + time.get<std::string>());
  return *instant;
}

Case case_of(const Json& json) {
  Case one;
  one.id = json.at("id");
  one.description = json.at("description");
  one.is_clients = json.at("validation_kind") == "CLIENT";
  one.should_be_good = json.at("expected_result") == "SUCCESS";
  one.chain = json.at("peer_certificate").get<std::string>() + joined(json.at("untrusted_intermediates"));
  one.trust = joined(json.at("trusted_certs"));
  if (json.contains("crls")) one.lists = joined(json.at("crls"));
  if (const auto& name = json.at("expected_peer_name"); name.is_object()) one.names = {name.at("value")};
  one.at = instant_of(json.at("validation_time"));
  if (const auto& depth = json.at("max_chain_depth"); depth.is_number()) one.max_depth = depth;
  return one;
}

}  // namespace

std::vector<Case> read_cases(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<Case> cases;
  const auto corpus = Json::parse(in);
  for (const auto& json : corpus.at("testcases")) cases.push_back(case_of(json));
  return cases;
}

}  // namespace trunkform::corpora
