#include "tests/unit/cmd/genesys_sim/world.hpp"

#include <functional>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace trunkform::sim::testing {
namespace {

bool has(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

Fingerprint print_of(std::string_view text) {
  Fingerprint print;
  const auto hash = std::hash<std::string_view>{}(text);
  for (std::size_t i = 0; i < print.bytes.size(); ++i) print.bytes[i] = static_cast<std::uint8_t>(hash >> (i % 8 * 8));
  return print;
}

std::string certificate_block(const std::string& text) {
  return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
}

}  // namespace

Judgement TableJudge::judge(std::string_view chain_pem, std::string_view key_pem, Instant) const {
  Judgement judgement;
  if (!has(chain_pem, "leaf-")) {
    judgement.refusal = Refusal::not_a_certificate;
    return judgement;
  }
  const auto begin = chain_pem.find("leaf-") + 5;
  const auto name = chain_pem.substr(begin, chain_pem.find('\n', begin) - begin);
  judgement.identity = {print_of(name), print_of(chain_pem)};
  judgement.ends_in_root = has(chain_pem, "root");
  judgement.why = "the table says so";
  if (has(key_pem, "encrypted") || !has(key_pem, "key-" + std::string(name) + "\n"))
    judgement.refusal = Refusal::invalid_key_format;
  else if (has(chain_pem, "expired"))
    judgement.refusal = Refusal::expired;
  else if (has(chain_pem, "incomplete"))
    judgement.refusal = Refusal::chain_incomplete;
  return judgement;
}

std::string chain(const std::string& name, const std::string& words) {
  auto text = certificate_block("leaf-" + name) + certificate_block("intermediate " + words);
  return has(words, "root") ? text + certificate_block("root") : text;
}

std::string key(const std::string& name, const std::string& words) {
  return "-----BEGIN PRIVATE KEY-----\nkey-" + name + "\n" + words + "\n-----END PRIVATE KEY-----\n";
}

std::string patch_body(const std::string& certificate, const std::string& private_key) {
  return nlohmann::json{{"tls", {{"certificate", certificate}, {"privateKey", private_key}}}}.dump();
}

std::string at(std::string_view json, const std::string& pointer) {
  const auto document = nlohmann::json::parse(json);
  const nlohmann::json::json_pointer place(pointer);
  if (!document.contains(place)) return "absent";
  const auto& value = document.at(place);
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::size_t length(std::string_view json, const std::string& pointer) {
  return nlohmann::json::parse(json).at(nlohmann::json::json_pointer(pointer)).size();
}

ServiceOptions World::default_options() {
  ServiceOptions options;
  options.clients = {{"client", "s3cret"}};
  options.static_tokens = {"static-token"};
  return options;
}

World::World(std::size_t trunks, ServiceOptions options) : service(std::move(options), judge) {
  for (std::size_t i = 1; i <= trunks; ++i) {
    const auto n = std::to_string(i);
    service.add_trunk({"id-" + n, "Trunk " + n, "active", "A", service.make_pair(chain("old"), key("old"), now)}, now);
  }
}

Response World::raw(Request request) {
  request.now = now;
  return service.handle(request);
}

Response World::send(std::string method, std::string path, std::string body, std::vector<Header> more) {
  Request request{std::move(method), path.substr(0, path.find('?')), {}, std::move(more), std::move(body), now};
  if (const auto question = path.find('?'); question != std::string::npos) request.query = path.substr(question + 1);
  request.headers.push_back({"authorization", "Bearer " + token});
  request.headers.push_back({"Accept", "application/json"});
  if (!request.body.empty()) request.headers.push_back({"content-type", "application/json; charset=utf-8"});
  return service.handle(request);
}

Response World::grant(const std::string& basic, const std::string& body) {
  return raw({"POST",
              "/oauth/token",
              "",
              {{"Authorization", "Basic " + basic}, {"Content-Type", "application/x-www-form-urlencoded"}},
              body,
              {}});
}

void World::turn(const std::string& knobs) {
  const auto turned = service.turn(knobs, now);
  if (!turned) throw std::runtime_error(turned.error().summary);
}

std::string World::admin(const std::string& what, const std::string& query) {
  return raw({"GET", "/_sim/" + what, query, {}, {}, {}}).body;
}

std::vector<std::string> World::violated() const {
  std::vector<std::string> kinds;
  for (const auto& violation : service.violations()) kinds.emplace_back(to_string(violation.kind));
  return kinds;
}

std::string header(const Response& response, const std::string& name) {
  const auto* value = find_header(response.headers, name);
  return value == nullptr ? "absent" : *value;
}

}  // namespace trunkform::sim::testing
