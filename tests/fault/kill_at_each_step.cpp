// kill_at_each_step new_plan|saved_plan
//
// An apply of six trunks ends by SIGKILL at its first boundary, its second … until one survives; after each the same
// command is run again, and must leave every trunk with the new certificate by exactly one PATCH and a state that says
// so. The service is the simulator behind a socket, the disk is real, the clock too. The killed process is this program
// with other arguments: --child N FOLDER ARGUMENT…
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/genesys_sim/http/front.hpp"
#include "cmd/genesys_sim/judge.hpp"
#include "cmd/trunkform/program.hpp"
#include "providers/platform/curl/http_client.hpp"
#include "providers/platform/posix/clock.hpp"
#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/process_environment.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/x509/facts_cache.hpp"
#include "schemas/codec/state_codec.hpp"
#include "state/backends/local/local.hpp"
#include "tests/fault/killing_ports.hpp"
#include "tests/support/certificate_factory.hpp"

namespace {

using namespace trunkform;
using namespace trunkform::testing;

constexpr int k_trunks = 6;
constexpr const char* k_token = "static-token-of-a-test";

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

template <class T>
T must(Result<T> result) {
  require(result.has_value(), result ? "" : to_line(result.error()));
  return std::move(*result);
}

// -- the process that is killed

class NoProbe final : public TlsProbe, public SipProbe {
 public:
  Result<std::vector<ServedChain>> observe(const Context&, const TlsProbePolicy&) override {
    return Error(ErrorCode::unavailable, "nothing to probe");
  }
  Result<int> options(const Context&, const TlsProbePolicy&) override { return 200; }
  Result<CallOutcome> call(const Context&, const TlsProbePolicy&, const CallPolicy&) override {
    return Error(ErrorCode::unavailable, "nobody to call");
  }
};

int be_the_child(std::uint64_t dies_at, const Path& folder, std::vector<std::string> arguments) {
  Boundaries boundaries(dies_at);
  platform::PosixFileSystem real;
  KillingFileSystem files(real, boundaries);
  platform::SystemClock clock;
  platform::SystemRandom random;
  platform::PosixProcessEnvironment environment;
  NoProbe probe;
  const auto http = platform::make_curl_client({}, clock);
  cli::Decorators decorators;
  decorators.trunk_api = [&](std::unique_ptr<TrunkApi> api) {
    return std::make_unique<KillingTrunkApi>(std::move(api), boundaries);
  };
  cli::World world{files,  clock, random, environment, *http, probe, probe, {std::cout, std::cerr, std::cin},
                   folder, {},    {},     decorators};
  return cli::run_program(world, std::move(arguments));
}

// -- the side that looks on

struct Pair {
  std::string chain;
  std::string key;
};

class Scene {
 public:
  Scene()
      : m_service(options(), m_judge),
        m_front(must(sim::HttpFront::start({}, m_service, [this] { return m_clock.now(); }))) {
    std::string pattern = (std::filesystem::temp_directory_path() / "trunkform-kill.XXXXXX").string();
    require(::mkdtemp(pattern.data()) != nullptr, "no temporary folder");
    m_base = pattern;
    const auto family = make_family(m_clock.now());
    m_old = {family.chain_pem(), family.leaf.key.text()};
    auto renewal = leaf_request(m_clock.now());
    renewal.not_after += std::chrono::hours(1);  // newer, whatever second it is
    const auto leaf = make(renewal, family.intermediate);
    m_new = {leaf.pem + family.intermediate.pem, leaf.key.text()};
    for (int i = 1; i <= k_trunks; ++i) {
      sim::TrunkSeed seed;
      seed.name = fmt::format("trunk {}", i);
      seed.pair = m_service.make_pair(m_old.chain, m_old.key, m_clock.now());
      m_ids.push_back(m_service.add_trunk(std::move(seed), m_clock.now()));
    }
    prepare(family.root.pem);
  }
  ~Scene() { std::filesystem::remove_all(m_base); }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  /// Whether the run was killed.
  bool round(std::uint64_t dies_at, const std::vector<std::string>& command) {
    put_back();
    const auto folder = m_base / "round";
    std::filesystem::remove_all(folder);
    std::filesystem::copy(m_base / "template", folder);
    const auto patches = patches_by_trunk();
    const auto first = run(dies_at, folder, command);
    const bool killed = WIFSIGNALED(first) && WTERMSIG(first) == SIGKILL;
    require(killed || succeeded(first), "the run neither survived nor was killed");
    if (killed) require(succeeded(run(0, folder, command)), "the run after it failed");
    check(folder, patches);
    return killed;
  }

 private:
  platform::SystemClock m_clock;
  sim::X509Judge m_judge;
  sim::Service m_service;
  std::unique_ptr<sim::HttpFront> m_front;
  Path m_base;
  Pair m_old, m_new;
  std::vector<std::string> m_ids;

  static sim::ServiceOptions options() {
    sim::ServiceOptions options;
    options.static_tokens = {k_token};
    options.knobs.requests_per_minute = 0;
    return options;
  }

  static bool succeeded(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }

  static void write(const Path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  /// A folder whose state records the old certificate, and a plan for the new one.
  void prepare(const std::string& root) {
    const auto folder = m_base / "template";
    std::filesystem::create_directory(folder);
    write(folder / "root.pem", root);
    write(folder / "new.chain", m_old.chain);
    write(folder / "new.key", m_old.key);
    std::string bindings;
    for (int i = 1; i <= k_trunks; ++i)
      bindings +=
          fmt::format(R"({}"t{}": {{ "trunk": {{ "name": "trunk {}" }}, "certificate": "${{certificate.pem_files.c}}",
   "identity": ["sip.example.com"], "carrier": "a", "rollout": "r", "rotate": {{ "min_age": "0s", "when": "available" }} }})",
                      i == 1 ? "" : ",\n", i, i);
    write(folder / "main.trunk.json", fmt::format(R"({{
 "provider": {{ "genesys": {{ "base_url": "http://127.0.0.1:{}", "requests_per_minute": 100000 }} }},
 "certificate": {{ "pem_files": {{ "c": {{ "chain": "new.chain", "private_key": "new.key" }} }} }},
 "carrier": {{ "a": {{ "trust_store": "${{file(\"root.pem\")}}" }} }},
 "rollout": {{ "r": {{ "canary": 0, "stagger": "0s", "soak": "0s" }} }},
 "resource": {{ "genesys_trunk_certificate": {{ {} }} }} }}
)",
                                                  m_front->port(), bindings));
    require(succeeded(run(0, folder, {"apply", "-auto-approve"})), "the old certificate could not be adopted");
    write(folder / "new.chain", m_new.chain);
    write(folder / "new.key", m_new.key);
    require(succeeded(run(0, folder, {"plan", "-out=reviewed"})), "no plan could be made");
    require(m_service.summary().patches_committed == 0, "preparing patched");
  }

  int run(std::uint64_t dies_at, const Path& folder, const std::vector<std::string>& command) {
    std::vector<std::string> words = {"kill_at_each_step", "--child", std::to_string(dies_at), folder.string()};
    words.insert(words.end(), command.begin(), command.end());
    std::vector<std::string> variables = {"PATH=/usr/bin:/bin", "TZ=UTC", "TRUNKFORM_TRUST_LOOPBACK=1",
                                          "HOME=" + m_base.string(),
                                          fmt::format("GENESYSCLOUD_ACCESS_TOKEN={}", k_token)};
    for (const auto* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LLVM_PROFILE_FILE"})
      if (const auto* value = std::getenv(name)) variables.push_back(fmt::format("{}={}", name, value));
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> all;
      for (auto& text : texts) all.push_back(text.data());
      all.push_back(nullptr);
      return all;
    };
    const auto log = (m_base / "said").string();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t child = 0;
    const int failure =
        ::posix_spawn(&child, "/proc/self/exe", &actions, nullptr, pointers(words).data(), pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    require(failure == 0, "the child could not be started");
    int status = 0;
    require(::waitpid(child, &status, 0) == child, "the child was lost");
    if (!succeeded(status) && !WIFSIGNALED(status)) std::cerr << std::ifstream(log).rdbuf();
    return status;
  }

  static std::string escaped(const std::string& text) {
    std::string line;
    for (const char c : text) line += c == '\n' ? std::string("\\n") : std::string(1, c);
    return line;
  }

  /// Somebody puts the old certificate back everywhere.
  void put_back() {
    std::string edits;
    for (const auto& id : m_ids)
      edits += fmt::format(R"({}{{"do":"bind","trunk":"{}","certificate":"{}","private_key":"{}"}})",
                           edits.empty() ? "" : ",", id, escaped(m_old.chain), escaped(m_old.key));
    const auto turned = m_service.turn("{\"edits\":[" + edits + "]}", m_clock.now());
    require(turned.has_value(), turned ? "" : to_line(turned.error()));
  }

  /// PATCH requests that arrived, whatever came of them.
  std::map<std::string, int> patches_by_trunk() {
    sim::Request question;
    question.path = "/_sim/requests";
    question.query = "after=0";
    question.now = m_clock.now();
    const std::string text(m_service.handle(question).text());
    std::map<std::string, int> patches;
    for (auto at = text.find("\"PATCH\""); at != std::string::npos; at = text.find("\"PATCH\"", at + 1)) {
      const auto from = text.rfind('{', at);
      const auto entry = text.substr(from, text.find('}', at) - from);
      for (const auto& id : m_ids)
        if (entry.find(id) != std::string::npos) ++patches[id];
    }
    return patches;
  }

  void check(const Path& folder, std::map<std::string, int> before) {
    auto after = patches_by_trunk();
    for (const auto& id : m_ids) {
      const auto serving = m_service.serving(id, m_clock.now());
      require(serving && serving->pair && serving->pair->certificate == m_new.chain,
              id + " has not the new certificate");
      require(after[id] - before[id] == 1, fmt::format("{} was patched {} times", id, after[id] - before[id]));
    }
    require(m_service.summary().violations == 0, "the service was treated badly");
    platform::PosixFileSystem files;
    platform::SystemRandom random;
    const auto backend = must(state::open_local(files, m_clock, random, folder));
    require(must(backend.lock->holder({})) == std::nullopt, "the lock is held");
    const auto loaded = must(backend.store->load({}));
    require(loaded.has_value(), "there is no state");
    require(loaded->document.open_intents.empty(), "an intent is open");
    require(loaded->document.resources.size() == k_trunks, "the state has not all trunks");
    x509::FactsCache facts;
    const auto wanted = must(facts.chain_of_pem(m_new.chain))->identity;
    for (const auto& [address, record] : loaded->document.resources) {
      require(record.chain->identity == wanted, to_string(address) + " is recorded with another certificate");
      require(record.history.size() == 1, to_string(address) + " has not one earlier certificate");
    }
    require(must(backend.log->read({}, 0)).last >= loaded->document.folded_through, "the state is ahead of its log");
  }
};

int look_on(const std::string& way) {
  const std::vector<std::string> command = way == "saved_plan" ? std::vector<std::string>{"apply", "reviewed"}
                                                               : std::vector<std::string>{"apply", "-auto-approve"};
  Scene scene;
  std::uint64_t n = 0;
  try {
    while (scene.round(++n, command)) {
    }
    require(n > 6 * k_trunks,
            fmt::format("there were {} boundaries only: the ports are not where they should be", n - 1));
  } catch (const std::exception& failure) {
    std::cerr << "killed at boundary " << n << ": " << failure.what() << '\n';
    return 1;
  }
  std::cout << "survived SIGKILL at each of " << n - 1 << " boundaries\n";
  return 0;
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a throw ends the test program, which is a failure
int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() > 3 && words[0] == "--child")
    return be_the_child(std::stoull(words[1]), words[2], {words.begin() + 3, words.end()});
  if (words.size() == 1 && (words[0] == "new_plan" || words[0] == "saved_plan")) return look_on(words[0]);
  std::cerr << "usage: kill_at_each_step new_plan|saved_plan\n";
  return 64;
}
