#include "tests/fault/scene.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/wait.h>

#include "providers/platform/posix/file_system.hpp"
#include "providers/platform/posix/random.hpp"
#include "providers/x509/facts_cache.hpp"
#include "state/backends/local/local.hpp"
#include "tests/fault/stopped_process.hpp"
#include "tests/support/certificate_factory.hpp"

namespace trunkform::testing {
namespace {

constexpr const char* k_token = "static-token-of-a-test";
constexpr const char* k_organisation = "00000000-0000-4000-8000-0000000000aa";

void write(const Path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::string escaped(const std::string& text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? std::string("\\n") : std::string(1, c);
  return line;
}

std::string id_of(std::size_t index) { return fmt::format("00000000-0000-4000-8000-{:012}", index + 1); }

bool succeeded(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }

}  // namespace

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

const std::vector<std::string>& Scene::trunks() {
  static const std::vector<std::string> k_trunks = {"a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"};
  return k_trunks;
}

const std::map<std::string, std::string>& Scene::blue_of_green() {
  static const std::map<std::string, std::string> k_pairs = {{"a1", "b2"}, {"a2", "a3"}, {"a4", "b3"}, {"b1", "b4"}};
  return k_pairs;
}

Scene::Scene(Edge edge, Groups groups) : m_edge(edge), m_groups(groups) {
  // In memory where that can be had: what a kill leaves is the kernel's affair, and thousands of fsync take minutes.
  const Path memory = "/dev/shm";
  const auto where = std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
  std::string pattern = (where / "trunkform-kill.XXXXXX").string();
  require(::mkdtemp(pattern.data()) != nullptr, "no temporary folder");
  m_base = pattern;
  m_page = SharedPage::map((m_base / "page").string());
  require(m_page != nullptr, "no shared memory");
  m_page->now = parse_rfc3339("2026-11-24T12:00:00Z")->time_since_epoch().count();
  m_clock = std::make_unique<SharedClock>(*m_page);
  sim::ServiceOptions options;
  options.static_tokens = {k_token};
  options.knobs.requests_per_minute = 0;
  options.knobs.organisation.id = k_organisation;
  options.knobs.organisation.name = "Example";
  m_service = std::make_unique<sim::Service>(std::move(options), m_judge);
  std::filesystem::create_directory(m_base / "template");
  make_pairs(m_base / "template" / "root.pem");
  std::vector<sim::SipPort> ports;
  for (std::size_t i = 0; i < trunks().size(); ++i) {
    sim::TrunkSeed seed;
    seed.id = id_of(i);
    seed.name = "trunk " + trunks()[i];
    seed.pair = m_service->make_pair(m_old.chain, m_old.key, m_clock->now());
    ports.push_back({seed.id, seed.name, 0});
    m_ids[trunks()[i]] = m_service->add_trunk(std::move(seed), m_clock->now());
  }
  m_service->on_bind([this](const sim::BindNotice& notice) { on_bind(notice); });
  m_front = must(sim::HttpFront::start({}, *m_service, [this] { return m_clock->now(); }));
  m_ports = must(sim::SipListeners::open(std::move(ports), *m_service, [this] { return m_clock->now(); }));
  prepare();
}

Scene::~Scene() {
  m_ports.reset();
  m_front.reset();
  std::filesystem::remove_all(m_base);
}

void Scene::make_pairs(const std::string& root_file) {
  const auto family = make_family(m_clock->now());
  auto renewal = leaf_request(m_clock->now());
  renewal.not_after += std::chrono::hours(1);  // newer, whatever second it is
  const auto leaf = make(renewal, family.intermediate);
  m_old = {family.chain_pem(), family.leaf.key.text(), family.leaf.pem, {}};
  m_new = {leaf.pem + family.intermediate.pem, leaf.key.text(), leaf.pem, {}};
  x509::FactsCache facts;
  for (auto* pair : {&m_old, &m_new}) pair->identity = must(facts.chain_of_pem(pair->chain))->identity;
  write(root_file, family.root.pem);
}

std::string Scene::configuration() const {
  std::map<std::string, std::string> colours;
  if (m_groups == Groups::blue_green)
    for (const auto& [green, blue] : blue_of_green()) {
      colours[green] = fmt::format(R"("group": "{}", "colour": "green", )", green);
      colours[blue] = fmt::format(R"("group": "{}", "colour": "blue", )", green);
    }
  std::string bindings;
  for (std::size_t i = 0; i < trunks().size(); ++i)
    bindings += fmt::format(
        R"({0}"{1}": {{ {4}"trunk": {{ "name": "trunk {1}" }}, "certificate": "${{certificate.pem_files.c}}",
   "identity": ["sip.example.com"], "carrier": "{2}", "rollout": "r", "rotate": {{ "min_age": "0s", "when": "available" }},
   "verify": {{ "tls": {{ "address": "127.0.0.1:{3}", "server_name": "{1}.example.com", "within": "5s", "consecutive": 2 }} }} }})",
        i == 0 ? "" : ",\n", trunks()[i], trunks()[i].front(), m_ports->ports()[i].port, colours[trunks()[i]]);
  return fmt::format(R"({{
 "provider": {{ "genesys": {{ "base_url": "http://127.0.0.1:{}", "requests_per_minute": 100000 }} }},
 "certificate": {{ "pem_files": {{ "c": {{ "chain": "new.chain", "private_key": "new.key", "versions": "archive/*/" }} }} }},
 "carrier": {{ "a": {{ "trust_store": "${{file(\"root.pem\")}}" }}, "b": {{ "trust_store": "${{file(\"root.pem\")}}" }} }},
 "rollout": {{ "r": {{ "canary": 1, "stagger": "3m", "soak": "10m" }} }},
 "resource": {{ "genesys_trunk_certificate": {{ {} }} }} }}
)",
                     m_front->port(), bindings);
}

void Scene::prepare() {
  const auto first = m_base / "template";
  std::filesystem::create_directories(first / "archive" / "1");
  for (const auto& where : {first, first / "archive" / "1"}) {
    write(where / "new.chain", m_old.chain);
    write(where / "new.key", m_old.key);
  }
  write(first / "main.trunk.json", configuration());
  std::filesystem::rename(first, folder());
  require(succeeded(run(0, {"apply", "-auto-approve"})), "the old certificate could not be adopted: " + said());
  write(folder() / "new.chain", m_new.chain);
  write(folder() / "new.key", m_new.key);
  require(succeeded(run(0, {"plan", "-out=reviewed"})), "no plan could be made: " + said());
  std::filesystem::rename(folder(), first);
  require(m_service->summary().patches_committed == 0, "preparing patched");
}

void Scene::turn(const std::string& knobs) {
  const auto turned = m_service->turn(knobs, m_clock->now());
  require(turned.has_value(), turned ? "" : to_line(turned.error()));
}

void Scene::serve(const std::string& trunk, bool whole) {
  turn(whole ? fmt::format(R"({{"sip":[{{"trunk":"{}","serve":"bound"}}]}})", m_ids[trunk])
             : fmt::format(R"({{"sip":[{{"trunk":"{}","serve":"wrong","certificate":"{}","private_key":"{}"}}]}})",
                           m_ids[trunk], escaped(m_new.leaf), escaped(m_new.key)));
}

std::string Scene::name_of(const Identity& identity) const {
  return identity == m_old.identity ? "old" : identity == m_new.identity ? "new" : "other";
}

void Scene::on_bind(const sim::BindNotice& notice) {
  const auto trunk = notice.trunk_name.substr(notice.trunk_name.size() - 2);
  m_binds.push_back({trunk, name_of(notice.identity), m_clock->now()});
  if (m_edge == Edge::bad && trunk == "a1") serve(trunk, notice.identity != m_new.identity);
}

void Scene::begin_round() {
  std::string edits;
  for (const auto& [name, id] : m_ids)
    edits += fmt::format(R"({}{{"do":"bind","trunk":"{}","certificate":"{}","private_key":"{}"}})",
                         edits.empty() ? "" : ",", id, escaped(m_old.chain), escaped(m_old.key));
  turn("{\"edits\":[" + edits + "]}");
  m_binds.clear();
  m_requests_before = m_service->summary().requests;
  std::filesystem::remove_all(folder());
  std::filesystem::copy(m_base / "template", folder(), std::filesystem::copy_options::recursive);
}

int Scene::run(std::uint64_t dies_at, const std::vector<std::string>& arguments) {
  m_page->passed = 0;
  m_page->step[0] = '\0';
  std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "TZ=UTC", "TRUNKFORM_TRUST_LOOPBACK=1",
                                          "HOME=" + m_base.string(),
                                          fmt::format("GENESYSCLOUD_ACCESS_TOKEN={}", k_token)};
  for (const auto* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LLVM_PROFILE_FILE"})
    if (const auto* value = std::getenv(name)) environment.push_back(fmt::format("{}={}", name, value));
  return start_and_wait({dies_at, (m_base / "page").string(), folder(), arguments}, environment, m_base / "said");
}

std::string Scene::said() const {
  std::ostringstream text;
  text << std::ifstream(m_base / "said").rdbuf();
  return text.str();
}

Seen Scene::look() {
  Seen seen;
  for (const auto& [name, id] : m_ids) {
    const auto serving = m_service->serving(id, m_clock->now());
    seen.live[name] = "none";
    if (serving && serving->pair) seen.live[name] = name_of(serving->pair->identity);
  }
  // Where the port serves something else on purpose, what is bound is what was bound last.
  for (const auto& bind : m_binds) seen.live[bind.trunk] = bind.what;
  sim::Request question;
  question.path = "/_sim/requests";
  question.query = fmt::format("after={}", m_requests_before);
  question.now = m_clock->now();
  const std::string text(m_service->handle(question).text());
  for (auto at = text.find("\"PATCH\""); at != std::string::npos; at = text.find("\"PATCH\"", at + 1)) {
    const auto from = text.rfind('{', at);
    const auto entry = text.substr(from, text.find('}', at) - from);
    for (const auto& [name, id] : m_ids)
      if (entry.find(id) != std::string::npos) ++seen.patches[name];
  }
  platform::PosixFileSystem files;
  platform::SystemRandom random;
  const auto backend = must(state::open_local(files, *m_clock, random, folder()));
  require(must(backend.lock->holder({})) == std::nullopt, "the lock is held");
  auto page = must(backend.log->read({}, 0));
  seen.events = std::move(page.events);
  std::map<std::string, bool> open;
  for (const auto& event : seen.events) {
    if (const auto* intent = std::get_if<Intent>(&event.body)) open[intent->address.name] = true;
    if (const auto* outcome = std::get_if<Outcome>(&event.body)) open[outcome->address.name] = false;
  }
  for (const auto& [name, is_open] : open)
    if (is_open) seen.open.push_back(name);
  for (const auto* carrier : {"a", "b"})
    if (must(backend.pacing->busy_until({}, {k_organisation, carrier}, 1))) seen.paced.emplace_back(carrier);
  if (auto loaded = must(backend.store->load({}))) seen.state = std::move(loaded->document);
  require(!seen.state || page.last >= seen.state->folded_through, "the state is ahead of its log");
  return seen;
}

}  // namespace trunkform::testing
