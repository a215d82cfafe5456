#include "cmd/genesys_sim/program.hpp"

#include <charconv>
#include <chrono>
#include <memory>
#include <random>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <unistd.h>

#include "cmd/genesys_sim/hook.hpp"
#include "cmd/genesys_sim/http/front.hpp"
#include "cmd/genesys_sim/judge.hpp"
#include "cmd/genesys_sim/seeding.hpp"
#include "cmd/genesys_sim/service/service.hpp"
#include "cmd/genesys_sim/sip/listeners.hpp"

namespace trunkform::sim {
namespace program_detail {

constexpr std::size_t k_most_sip_ports = 64;
constexpr int k_could_not_start = 1;
constexpr int k_violations = 3;

Instant wall_clock() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

std::string first_line(std::string text) {
  text.erase(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

Result<Client> credentials(const Options& options) {
  std::random_device device;
  Ids random((static_cast<std::uint64_t>(device()) << 32) | device());
  Client client{options.client_id.empty() ? random.uuid() : options.client_id, random.token()};
  if (!options.client_secret_file.empty()) {
    auto text = TRY(read_text(options.client_secret_file));
    client.secret = first_line(std::move(text));
  }
  return client;
}

Result<std::vector<std::string>> static_tokens(const Options& options) {
  std::vector<std::string> tokens;
  if (options.token_file.empty()) return tokens;
  auto text = TRY(read_text(options.token_file));
  while (!text.empty()) {
    auto line = first_line(text);
    text.erase(0, line.size() + 1);
    if (!line.empty()) tokens.push_back(std::move(line));
  }
  return tokens;
}

Result<FrontOptions> front_options(const Options& options) {
  FrontOptions front;
  const auto colon = options.listen.rfind(':');
  const std::string_view port = std::string_view(options.listen).substr(colon == std::string::npos ? 0 : colon + 1);
  if (colon != std::string::npos) front.host = options.listen.substr(0, colon);
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), front.port);
  if (problem != std::errc() || end != port.data() + port.size() || front.port < 0 || front.port > 65535)
    return Error(ErrorCode::invalid_input, fmt::format("'-listen {}' is not HOST:PORT", options.listen));
  if (!options.tls_certificate.empty()) {
    const auto chain = TRY(read_text(options.tls_certificate));
    const auto key = TRY(read_text(options.tls_key));
    front.tls = TRY(TlsContext::make(chain, key));
  }
  return front;
}

Result<std::vector<SipPort>> sip_plan(const Options& options, const Service& service) {
  std::vector<SipPort> ports;
  if (!options.sip && options.sip_ports == 0) return ports;
  auto wanted = options.sip_trunks.empty() ? service.trunk_ids() : options.sip_trunks;
  if (options.sip_trunks.empty() && wanted.size() > k_most_sip_ports) wanted.resize(k_most_sip_ports);
  if (wanted.size() > k_most_sip_ports)
    return Error(ErrorCode::invalid_input, fmt::format("at most {} SIP ports", k_most_sip_ports));
  for (const auto& trunk : wanted) {
    const auto id = service.find_trunk(trunk);
    if (!id) return Error(ErrorCode::not_found, fmt::format("-sip-trunks: no trunk '{}'", trunk));
    const int port = options.sip_ports == 0 ? 0 : options.sip_ports + static_cast<int>(ports.size());
    ports.push_back({*id, service.name_of(*id), port});
  }
  return ports;
}

/// Everything that runs; taken apart in the reverse order.
struct Simulator {
  X509Judge judge;
  Client client;
  std::unique_ptr<Service> service;
  std::unique_ptr<SipListeners> sip;
  std::unique_ptr<HttpFront> http;
};

Result<> turn_knobs(Service& service, const Options& options) {
  for (const auto& knob : options.knobs) {
    auto text = knob;
    if (knob.starts_with('@')) text = TRY(read_text(knob.substr(1)));
    if (auto turned = service.turn(text, wall_clock()); !turned)
      return Error(ErrorCode::invalid_input, "-knobs: " + turned.error().summary);
  }
  return {};
}

Result<std::unique_ptr<Simulator>> start(const Options& options) {
  x509::TrustStorePtr trust;
  if (!options.trust_store.empty()) {
    const auto roots = TRY(read_text(options.trust_store));
    trust = TRY(x509::TrustStore::from_pem(roots));
  }
  const auto client = TRY(credentials(options));
  auto simulator = std::make_unique<Simulator>(Simulator{X509Judge(trust), client, {}, {}, {}});
  ServiceOptions service_options;
  service_options.clients = {simulator->client};
  auto tokens = TRY(static_tokens(options));
  service_options.static_tokens = std::move(tokens);
  service_options.seed = options.seed;
  service_options.listing_cache = options.listing_cache ? ListingCache::on : ListingCache::off;
  simulator->service = std::make_unique<Service>(std::move(service_options), simulator->judge);
  auto& service = *simulator->service;
  TRY(seed_service(service, options, wall_clock()));
  TRY(turn_knobs(service, options));
  if (options.listing_cache) service.prerender(100, wall_clock());
  if (!options.on_bind.empty())
    service.on_bind([command = options.on_bind](const BindNotice& notice) { run_hook(command, notice); });
  auto ports = TRY(sip_plan(options, service));
  if (!ports.empty()) simulator->sip = TRY(SipListeners::open(std::move(ports), service, wall_clock));
  const auto front = TRY(front_options(options));
  simulator->http = TRY(HttpFront::start(front, service, wall_clock));
  return simulator;
}

Result<> announce(const Options& options, const Simulator& simulator) {
  const auto host = options.listen.substr(0, options.listen.rfind(':'));
  const auto base = fmt::format("{}://{}:{}", options.tls_certificate.empty() ? "http" : "https",
                                host.empty() ? "127.0.0.1" : host, simulator.http->port());
  nlohmann::ordered_json sip = nlohmann::ordered_json::array();
  if (simulator.sip)
    for (const auto& port : simulator.sip->ports())
      sip.push_back({{"trunk", port.trunk_id}, {"name", port.trunk_name}, {"port", port.port}});
  fmt::print("genesys-sim: listening on {} with {} trunks, {} SIP ports\n", base, simulator.service->trunk_ids().size(),
             sip.size());
  std::fflush(stdout);
  if (options.ready_file.empty()) return {};
  const nlohmann::ordered_json ready{{"base_url", base},
                                     {"port", simulator.http->port()},
                                     {"pid", ::getpid()},
                                     {"client_id", simulator.client.id},
                                     {"client_secret", simulator.client.secret},
                                     {"sip", std::move(sip)}};
  return write_private(options.ready_file, ready.dump(2) + "\n");
}

int farewell(const Service& service) {
  const auto summary = service.summary();
  fmt::print("genesys-sim: {} requests (", summary.requests);
  for (std::size_t i = 0; i < k_operations; ++i)
    fmt::print("{}{} {}", i == 0 ? "" : ", ", to_string(static_cast<Operation>(i)), summary.by_operation[i]);
  fmt::print("), {} patches committed, {} needless, {} faults, {} over the limit, {} early, {} violations\n",
             summary.patches_committed, summary.needless_patches, summary.faults, summary.rate_limited, summary.early,
             summary.violations);
  for (const auto& violation : service.violations())
    fmt::print("violation: {}: {} {}: {}\n", to_string(violation.kind), violation.method, violation.path,
               violation.what);
  return summary.violations == 0 ? 0 : k_violations;
}

}  // namespace program_detail

int run(const Options& options) {
  using namespace program_detail;
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  auto simulator = start(options);
  auto announced = simulator ? announce(options, **simulator) : Result<>(Error(simulator.error()));
  if (!announced) {
    fmt::print(stderr, "genesys-sim: {}\n", to_line(announced.error()));
    return k_could_not_start;
  }
  int received = 0;
  sigwait(&ends, &received);
  (*simulator)->http.reset();
  (*simulator)->sip.reset();
  return farewell(*(*simulator)->service);
}

}  // namespace trunkform::sim
