#include "tests/support/simulated_program.hpp"

#include <sstream>
#include <stdexcept>
#include <streambuf>

#include <fmt/format.h>

#include "state/backends/local/local.hpp"

namespace trunkform::testing {
namespace {

const Path k_folder = "/conf";
constexpr const char* k_token = "static-token-of-a-test";
constexpr const char* k_client = "client-of-a-test";
constexpr const char* k_client_secret = "secret-of-a-test";

sim::ServiceOptions service_options() {
  sim::ServiceOptions options;
  options.static_tokens = {k_token};
  options.clients = {{k_client, k_client_secret}};
  options.knobs.requests_per_minute = 0;
  return options;
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(to_line(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Standard input: what somebody types, once they are asked.
class Typing final : public std::streambuf {
 public:
  explicit Typing(const std::function<std::string()>& types) : m_types(types) {}

 protected:
  int_type underflow() override {
    if (!m_types) return traits_type::eof();
    m_line = m_types();
    if (m_line.empty()) return traits_type::eof();
    setg(m_line.data(), m_line.data(), m_line.data() + m_line.size());
    return traits_type::to_int_type(m_line.front());
  }

 private:
  const std::function<std::string()>& m_types;
  std::string m_line;
};

}  // namespace

Result<std::vector<ServedChain>> FakeTlsProbe::observe(const Context&, const TlsProbePolicy& policy) {
  ++looks;
  if (answer) {
    auto served = answer(policy);
    if (served && flatters) flatters(*served);
    return served;
  }
  ServedChain refused{policy.host, nullptr, {}, Error(ErrorCode::unavailable, "connection refused")};
  return std::vector{refused};
}

std::optional<std::string> FakeEnvironment::variable(const std::string& name) const {
  const auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional(found->second);
}

std::optional<SecretBuffer> FakeEnvironment::take_secret(const std::string& name) {
  taken.push_back(name);
  const auto value = variable(name);
  return value ? std::optional(SecretBuffer::copy_of(*value)) : std::nullopt;
}

std::vector<std::string> FakeEnvironment::names_with_prefix(const std::string& prefix) const {
  std::vector<std::string> names;
  for (const auto& [name, value] : variables)
    if (name.starts_with(prefix)) names.push_back(name);
  return names;
}

SimulatedProgram::SimulatedProgram() : service(service_options(), judge) {
  m_family = make_family(clock.now());
  prepare(m_family->root.pem);
}

SimulatedProgram::SimulatedProgram(const std::string& root_pem) : service(service_options(), judge) {
  prepare(root_pem);
  // Tokens that end are renewed.
  environment.variables.erase("GENESYSCLOUD_ACCESS_TOKEN");
  environment.variables["GENESYSCLOUD_OAUTHCLIENT_ID"] = k_client;
  environment.variables["GENESYSCLOUD_OAUTHCLIENT_SECRET"] = k_client_secret;
}

void SimulatedProgram::prepare(const std::string& root_pem) {
  files.kernel().use_clock(&clock);
  must(files.create_directories(k_folder));
  write("root.pem", root_pem);
  environment.variables = {
      {"GENESYSCLOUD_ACCESS_TOKEN", k_token}, {"TRUNKFORM_TRUST_LOOPBACK", "1"}, {"HOME", "/people/ann"}};
}

void SimulatedProgram::write(const std::string& name, const std::string& text) {
  must(files.replace(k_folder / name, text, 0600));
}

ChainPtr SimulatedProgram::make_pair(const std::string& name, Duration lifetime) {
  auto request = leaf_request(clock.now());
  request.not_before = clock.now() - std::chrono::hours(24);
  request.not_after = request.not_before + lifetime;
  const auto leaf = make(request, m_family->intermediate);
  return use_pair(name, {leaf.pem + m_family->intermediate.pem, leaf.key.text()});
}

ChainPtr SimulatedProgram::use_pair(const std::string& name, const PairText& text) {
  m_chains[name] = text.chain;
  m_keys[name] = text.key;
  write(name + ".chain", m_chains[name]);
  write(name + ".key", m_keys[name]);
  return must(facts.chain_of_pem(m_chains[name]));
}

std::string SimulatedProgram::add_trunk(const std::string& name, const std::string& pair) {
  sim::TrunkSeed seed;
  seed.id = fmt::format("00000000-0000-4000-8000-{:012}", m_trunks.size() + 1);
  seed.name = name;
  if (!pair.empty()) seed.pair = service.make_pair(m_chains.at(pair), m_keys.at(pair), clock.now());
  return m_trunks[name] = service.add_trunk(std::move(seed), clock.now());
}

void SimulatedProgram::configure(const std::vector<std::string>& trunks, const std::string& pair,
                                 const std::string& more, const std::string& rollout) {
  std::string bindings;
  for (const auto& trunk : trunks)
    bindings += fmt::format(
        R"({}"{}": {{ "trunk": {{ "name": "{}" }}, "certificate": "${{certificate.pem_files.c}}", "identity": ["sip.example.com"],
   "carrier": "a", "rollout": "r", "adopt": true, "rotate": {{ "min_age": "0s", "when": "available" }}{} }})",
        bindings.empty() ? "" : ",\n  ", trunk, trunk, more.empty() ? "" : ", " + more);
  write("main.trunk.json", fmt::format(R"({{
 "provider": {{ "genesys": {{ "base_url": "http://127.0.0.1:1" }} }},
 "certificate": {{ "pem_files": {{ "c": {{ "chain": "{0}.chain", "private_key": "{0}.key" }} }} }},
 "carrier": {{ "a": {{ "trust_store": "${{file(\"root.pem\")}}" }} }},
 "rollout": {{ "r": {{ {1} }} }},
 "resource": {{ "genesys_trunk_certificate": {{
  {2} }} }} }}
)",
                                       pair, rollout, bindings));
}

Ended SimulatedProgram::run(std::vector<std::string> arguments) {
  auto ended = run_beside(std::move(arguments));
  if (http.killed() || files.kernel().dead()) {
    ended.code = killed;
    if (after_kill == AfterKill::power_cut) files.kernel().power_cut();
  }
  http.revive();
  files.kernel().restart();
  stop = std::stop_source();
  abandon = std::stop_source();
  return ended;
}

Ended SimulatedProgram::run_beside(std::vector<std::string> arguments) {
  return run_beside(std::move(arguments), clock);
}

Ended SimulatedProgram::run_beside(std::vector<std::string> arguments, Clock& its_clock) {
  std::ostringstream out;
  std::ostringstream err;
  Typing typing(types);
  std::istream in(&typing);
  HttpClient& client = wire != nullptr ? *wire : http;
  cli::World world{files,          its_clock, random,           environment,         client,     tls,     sip,
                   {out, err, in}, k_folder,  stop.get_token(), abandon.get_token(), decorators, nullptr, nullptr,
                   outlets};
  if (types) world.streams.in_is = cli::Terminal::yes;
  const int code = cli::run_program(world, std::move(arguments));
  return {code, out.str(), err.str()};
}

std::string SimulatedProgram::live(const std::string& trunk) const {
  const auto serving = service.serving(m_trunks.at(trunk), clock.now());
  if (!serving || !serving->pair) return {};
  for (const auto& [name, chain] : m_chains)
    if (chain == serving->pair->certificate) return name;
  return {};
}

std::vector<std::string> SimulatedProgram::request_log() {
  // The log is the service's own view, so a request that never arrived is not in it.
  sim::Request question;
  question.method = "GET";
  question.path = "/_sim/requests";
  question.query = "after=0";
  question.now = clock.now();
  const auto text = std::string(service.handle(question).text());
  std::vector<std::string> entries;
  for (auto at = text.find("\"method\""); at != std::string::npos; at = text.find("\"method\"", at + 1)) {
    const auto from = text.rfind('{', at);
    entries.push_back(text.substr(from, text.find('}', at) - from));
  }
  return entries;
}

std::size_t SimulatedProgram::requests(const std::string& method, const std::string& trunk) {
  std::size_t count = 0;
  const auto id = trunk.empty() ? std::string() : m_trunks.at(trunk);
  for (const auto& entry : request_log())
    if (entry.find("\"" + method + "\"") != std::string::npos && entry.find(id) != std::string::npos) ++count;
  return count;
}

std::vector<Instant> SimulatedProgram::patch_times() {
  std::vector<Instant> times;
  for (const auto& entry : request_log()) {
    if (entry.find("\"PATCH\"") == std::string::npos) continue;
    const auto from = entry.find('"', entry.find(':', entry.find("\"time\""))) + 1;
    times.push_back(parse_rfc3339(entry.substr(from, entry.find('"', from) - from)).value());
  }
  return times;
}

StateDocument SimulatedProgram::state() {
  auto backend = must(state::open_local(files, clock, random, k_folder));
  const auto snapshot = must(backend.store->load({}));
  return snapshot ? snapshot->document : StateDocument{};
}

std::vector<Event> SimulatedProgram::events() {
  auto backend = must(state::open_local(files, clock, random, k_folder));
  return must(backend.log->read({}, 0)).events;
}

Address SimulatedProgram::address(const std::string& name) {
  Address address;
  address.type = "genesys_trunk_certificate";
  address.name = name;
  return address;
}

}  // namespace trunkform::testing
