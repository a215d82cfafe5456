// wire_faults
//
// {connect, TLS, headers, body, after the commit} × {reset, FIN, stall, slow, torn} × {token, GET, PATCH}: an apply of
// eight trunks over TLS through a proxy that spoils these exchanges, the first two of their kind or all of them (of a
// body that ends too soon also the first alone), while the service also asks for patience now and then; then an apply
// over a whole wire. Sockets and libcurl are real, the clock that backing off and Retry-After are measured on is
// virtual. The table says what came of each, and the last lines what was never seen.
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "cmd/genesys_sim/http/front.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "tests/fault/fault_proxy.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/support/simulated_program.hpp"

namespace {

using namespace trunkform;
using namespace trunkform::testing;

constexpr std::array k_stages = {"connect", "TLS", "headers", "body", "committed"};
constexpr std::array k_spoils = {"reset", "FIN", "stall", "slow", "torn"};
constexpr std::array k_targets = {"token", "GET", "PATCH"};
constexpr std::size_t k_trunks = 8;
constexpr int k_for_ever = 1'000'000;

enum class Target { token, get, patch };

struct Cell {
  WireFault fault;
  Target target = Target::token;
  int times = 0;  ///< how many exchanges are spoilt
};

/// The answer's body ends before it is whole.
bool is_cut(const Cell& cell) {
  return cell.fault.stage == Stage::body && (cell.fault.spoil == Spoil::fin || cell.fault.spoil == Spoil::torn);
}

struct Came {
  int code = 0;
  std::size_t requests = 0, retries = 0;
  int spoilt = 0;
  int hidden = 0;         ///< repetitions that the client does not see
  std::size_t bound = 0;  ///< by the run whose wire was spoilt
  Duration lasted{};      ///< on the virtual clock
  std::vector<std::string> wrong;
};

Target target_of(const HttpRequest& request) {
  return request.method == "POST" ? Target::token : request.method == "PATCH" ? Target::patch : Target::get;
}

/// Tells the proxy which exchange comes, and counts what is sent again. One at a time: so one thread does all steps.
class WatchedClient final : public HttpClient {
 public:
  WatchedClient(HttpClient& real, FaultProxy& proxy, const Cell& cell) : m_real(real), m_proxy(proxy), m_cell(cell) {}
  tl::expected<HttpResponse, HttpFailure> send(const Context& context, const HttpRequest& request) override {
    const auto key = request.method + " " + request.url;
    const bool again = m_failed.contains(key);
    const bool spoil = m_spoil && target_of(request) == m_cell.target && m_proxy.spoilt() < m_cell.times;
    m_proxy.expect(spoil ? std::optional(m_cell.fault) : std::nullopt);
    auto answer = m_real.send(context, request);
    ++requests;
    retries += again ? 1U : 0U;
    lost += answer ? 0 : 1;
    refused += answer && answer->status >= 400 ? 1 : 0;
    // What the service itself put off is not sent again of the client's own accord.
    if (!answer || answer->status >= 500)
      m_failed.insert(key);
    else
      m_failed.erase(key);
    return answer;
  }
  void mend() { m_spoil = false; }

  std::size_t requests = 0, retries = 0;
  int lost = 0;     ///< answers
  int refused = 0;  ///< that said so, also where their body was spoilt

 private:
  HttpClient& m_real;
  FaultProxy& m_proxy;
  const Cell& m_cell;
  bool m_spoil = true;
  std::set<std::string> m_failed;
};

/// Made once: the trunks' two pairs, and what the proxy serves, which libcurl holds against the real clock.
struct Material {
  std::string root;
  PairText old_pair, new_pair, proxy;
  std::string proxy_root_file;

  Material() {
    const auto virtual_now = parse_rfc3339("2026-11-24T12:00:00Z").value();
    const auto family = make_family(virtual_now);
    const auto leaf = make(leaf_request(virtual_now), family.intermediate);
    root = family.root.pem;
    old_pair = {family.chain_pem(), family.leaf.key.text()};
    new_pair = {leaf.pem + family.intermediate.pem, leaf.key.text()};
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const auto authority = make_root(root_request(now));
    auto request = leaf_request(now);
    request.names = {"ip:127.0.0.1"};
    const auto served = make(request, authority);
    proxy = {served.pem, served.key.text()};
    std::string name = (std::filesystem::temp_directory_path() / "trunkform-wire.XXXXXX").string();
    const int file = ::mkstemp(name.data());
    if (file < 0 || ::write(file, authority.pem.data(), authority.pem.size()) < 0)
      throw std::runtime_error("no temporary file");
    ::close(file);
    proxy_root_file = name;
  }
  ~Material() { std::filesystem::remove(proxy_root_file); }
  Material(const Material&) = delete;
  Material& operator=(const Material&) = delete;
};

std::string configuration(int port) {
  std::string bindings;
  for (std::size_t i = 1; i <= k_trunks; ++i)
    bindings += fmt::format(
        R"({0}"t{1}": {{ "trunk": {{ "name": "t{1}" }}, "certificate": "${{certificate.pem_files.c}}",
   "identity": ["sip.example.com"], "carrier": "a", "rollout": "r", "adopt": true,
   "rotate": {{ "min_age": "0s", "when": "available" }} }})",
        i == 1 ? "" : ",\n", i);
  // The client's own deadlines, so small that a stall does not last.
  return fmt::format(R"({{
 "provider": {{ "genesys": {{ "base_url": "https://127.0.0.1:{}", "timeout": "700ms", "retry_budget": "2m" }} }},
 "certificate": {{ "pem_files": {{ "c": {{ "chain": "new.chain", "private_key": "new.key" }} }} }},
 "carrier": {{ "a": {{ "trust_store": "${{file(\"root.pem\")}}" }} }},
 "rollout": {{ "r": {{ "canary": 0, "stagger": "0s", "soak": "0s" }} }},
 "resource": {{ "genesys_trunk_certificate": {{ {} }} }} }}
)",
                     port, bindings);
}

constexpr auto k_deadline = std::chrono::minutes(30);
/// The trunk in hand is finished: its retries, and reading back.
constexpr auto k_last_step = std::chrono::minutes(10);

void judge_first(const Cell& cell, Came& came, const SimulatedProgram& program, const Ended& ended) {
  const auto expect = [&](bool holds, std::string what) {
    if (!holds) came.wrong.push_back(std::move(what));
  };
  expect(came.code == 0 || came.code == 1 || came.code == 6, fmt::format("it ended with {}", came.code));
  expect(came.code == 0 || ended.err.find("rror") != std::string::npos, "it failed without a word");
  expect(came.spoilt > 0, "nothing was spoilt");
  expect(came.lasted <= k_deadline + k_last_step, "it went on after its deadline");
  expect(came.retries <= std::max<std::size_t>(3, came.requests / 10),
         fmt::format("{} of {} requests were retries", came.retries, came.requests));
  const bool harmless = cell.fault.spoil == Spoil::slow;
  expect(!harmless || (came.code == 0 && came.bound == k_trunks), "what is only slow was not waited for");
  // A body that ended too soon may be whole the next time, once.
  const bool one_at_most = is_cut(cell) && cell.target != Target::patch;
  expect(cell.times > (one_at_most ? 1 : 2) || came.code == 0,
         fmt::format("{} lost answers ended the run", cell.times));
  expect(ended.err.find("base_url") == std::string::npos, "a bad wire is told as a wrong address");
  expect(program.service.summary().early == 0, "Retry-After was undercut");
}

void judge_after(Came& came, SimulatedProgram& program, const Ended& ended) {
  const auto expect = [&](bool holds, std::string what) {
    if (!holds) came.wrong.push_back(std::move(what));
  };
  const auto summary = program.service.summary();
  expect(ended.code == 0, fmt::format("the run after it ended with {}: {}", ended.code, ended.err));
  expect(summary.needless_patches == 0, "what was bound already was sent again");
  expect(summary.patches_committed == k_trunks, fmt::format("{} PATCHes were carried out", summary.patches_committed));
  expect(summary.violations == 0, "the service was treated badly");
  expect(summary.early == 0, "Retry-After was undercut");
  for (std::size_t i = 1; i <= k_trunks; ++i)
    expect(program.live(fmt::format("t{}", i)) == "new", fmt::format("t{} has not the new certificate", i));
  const auto state = program.state();
  expect(state.open_intents.empty(), "an intent is open");
  expect(state.resources.size() == k_trunks, "the state has not all trunks");
}

Came try_out(const Cell& cell, const Material& material) {
  SimulatedProgram program(material.root);
  program.use_pair("old", material.old_pair);
  program.use_pair("new", material.new_pair);
  for (std::size_t i = 1; i <= k_trunks; ++i) program.add_trunk(fmt::format("t{}", i), "old");
  if (auto turned = program.service.turn(R"({"faults":[
      {"operation":"get","skip":3,"times":1,"effect":"too_many_requests","retry_after":"9s"},
      {"operation":"patch","skip":2,"times":1,"effect":"too_many_requests","retry_after":"11s","hint":"date"}]})",
                                         program.clock.now());
      !turned)
    throw std::runtime_error(to_line(turned.error()));
  const auto front = sim::HttpFront::start({}, program.service, [&] { return program.clock.now(); });
  if (!front) throw std::runtime_error(to_line(front.error()));
  FaultProxy proxy(material.proxy.chain, material.proxy.key, (*front)->port());
  if (cell.fault.stage == Stage::connect || cell.fault.stage == Stage::tls) proxy.close_each();
  const auto curl = platform::make_curl_client({.ca_file = material.proxy_root_file}, program.clock);
  WatchedClient client(*curl, proxy, cell);
  program.wire = &client;
  program.write("main.trunk.json", configuration(proxy.port()));

  Came came;
  const auto began = program.clock.now();
  const auto first = program.run({"apply", "-auto-approve", "-parallelism=1", "-deadline=30m"});
  came.code = first.code;
  came.lasted = program.clock.now() - began;
  came.requests = client.requests;
  came.retries = client.retries;
  came.spoilt = proxy.spoilt();
  // libcurl sends a GET once more, by itself, where a connection that it kept turns out to be dead. That says nothing
  // about the service, and it is counted here without being held against the bar.
  if (cell.fault.spoil != Spoil::slow)
    came.hidden = std::max(0, came.spoilt - client.lost - (cell.fault.stage == Stage::body ? client.refused : 0));
  came.bound = program.patches();
  judge_first(cell, came, program, first);
  client.mend();
  judge_after(came, program, program.run({"apply", "-auto-approve", "-parallelism=1"}));
  return came;
}

std::vector<Cell> all_cells() {
  std::vector<Cell> cells;
  for (std::size_t stage = 0; stage < k_stages.size(); ++stage)
    for (std::size_t spoil = 0; spoil < k_spoils.size(); ++spoil)
      for (std::size_t target = 0; target < k_targets.size(); ++target)
        for (const int times : {1, 2, k_for_ever}) {
          const Cell cell{{static_cast<Stage>(stage), static_cast<Spoil>(spoil)}, static_cast<Target>(target), times};
          if (times > 1 || is_cut(cell)) cells.push_back(cell);
        }
  return cells;
}

/// Side by side: most of the time goes by in stalls.
std::vector<Came> try_all(const std::vector<Cell>& cells, const Material& material) {
  std::vector<Came> results(cells.size());
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < cells.size(); at = next++) try {
          results[at] = try_out(cells[at], material);
        } catch (const std::exception& failure) {
          results[at].wrong = {failure.what()};
        }
    });
  return threads.clear(), results;
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a throw ends the test program, which is a failure
int main() {
  std::signal(SIGPIPE, SIG_IGN);
  const Material material;
  const auto cells = all_cells();
  const auto results = try_all(cells, material);
  fmt::print("{:10} {:6} {:6} {:6}  {:>6} {:>8} {:>7} {:>7}  {:>4} {:>5} {:>10}  {}\n", "stage", "spoilt", "what",
             "times", "spoilt", "requests", "retries", "libcurl", "exit", "bound", "lasted", "verdict");
  std::size_t failed = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto& cell = cells[i];
    const auto& came = results[i];
    failed += came.wrong.empty() ? 0U : 1U;
    fmt::print("{:10} {:6} {:6} {:6}  {:6} {:8} {:7} {:7}  {:4} {:5} {:>10}  {}\n",
               k_stages.at(static_cast<std::size_t>(cell.fault.stage)),
               k_spoils.at(static_cast<std::size_t>(cell.fault.spoil)),
               k_targets.at(static_cast<std::size_t>(cell.target)),
               cell.times == k_for_ever ? "all"
               : cell.times == 1        ? "one"
                                        : "two",
               came.spoilt, came.requests, came.retries, came.hidden, came.code, came.bound, to_words(came.lasted),
               came.wrong.empty() ? "right" : fmt::format("WRONG: {}", fmt::join(came.wrong, "; ")));
  }
  std::cout << cells.size() - failed << " passed, " << failed << " failed\n";
  return failed == 0 ? 0 : 1;
}
