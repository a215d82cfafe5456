#include "cmd/genesys_sim/program.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <catch2/catch.hpp>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/genesys_sim/judge.hpp"
#include "cmd/genesys_sim/options.hpp"
#include "cmd/genesys_sim/seeding.hpp"
#include "tests/support/certificate_factory.hpp"
#include "tests/unit/cmd/genesys_sim/raw_client.hpp"
#include "tests/unit/cmd/genesys_sim/world.hpp"

using namespace trunkform::sim;
using trunkform::sim::testing::at;
using trunkform::sim::testing::RawClient;
namespace files = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (files::temp_directory_path() / "genesys_sim_XXXXXX").string();
    m_path = ::mkdtemp(pattern.data());
  }
  ~Folder() { files::remove_all(m_path); }
  std::string operator/(const std::string& name) const { return m_path + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(*this / name) << text;
    return *this / name;
  }

 private:
  std::string m_path;
};

trunkform::Instant wall() {
  return std::chrono::time_point_cast<trunkform::Duration>(std::chrono::system_clock::now());
}

Options good(std::vector<std::string> arguments) {
  auto parsed = parse_options(std::move(arguments));
  REQUIRE(std::holds_alternative<Options>(parsed));
  return std::get<Options>(parsed);
}

/// The program in a process of its own.
class Running {
 public:
  Running(const Folder& folder, std::vector<std::string> arguments) {
    m_ready = folder / "ready.json";
    arguments.insert(arguments.end(), {"-ready-file", m_ready});
    const auto options = good(arguments);
    m_child = ::fork();
    if (m_child == 0) {
      if (::freopen((folder / "out").c_str(), "w", stdout) == nullptr) ::_exit(99);
      const int status = run(options);
      ::fflush(stdout);
      ::_exit(status);
    }
    while (!files::exists(m_ready) && ::waitpid(m_child, &m_status, WNOHANG) == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    m_ended = !files::exists(m_ready);
  }
  ~Running() {
    if (m_ended) return;
    ::kill(m_child, SIGKILL);
    ::waitpid(m_child, nullptr, 0);
  }
  std::string ready(const std::string& pointer) const { return at(read_text(m_ready).value(), pointer); }
  int port() const { return std::stoi(ready("/port")); }
  int stop() {
    if (!m_ended) {
      ::kill(m_child, SIGTERM);
      ::waitpid(m_child, &m_status, 0);
    }
    m_ended = true;
    return WIFEXITED(m_status) ? WEXITSTATUS(m_status) : -1;
  }

 private:
  std::string m_ready;
  pid_t m_child = -1;
  int m_status = 0;
  bool m_ended = false;
};

}  // namespace

TEST_CASE("flags are the same with one dash and with two") {
  for (const std::string dash : {"-", "--"}) {
    const auto options = good({dash + "trunks", "7", dash + "carriers=X,Y", dash + "days-left", "-1,30", dash + "sip",
                               dash + "knobs", "{}", dash + "knobs", "@f", dash + "sip-ports=5000"});
    CHECK(options.trunks == 7);
    CHECK(options.carriers == std::vector<std::string>{"X", "Y"});
    CHECK(options.days_left == std::vector<int>{-1, 30});
    CHECK(options.sip);
    CHECK(options.knobs == std::vector<std::string>{"{}", "@f"});
    CHECK(options.sip_ports == 5000);
  }
}

TEST_CASE("unknown flags, wrong values and half a TLS pair are usage errors; help is none") {
  const auto early = [](std::vector<std::string> arguments) {
    const auto parsed = parse_options(std::move(arguments));
    REQUIRE(std::holds_alternative<EarlyExit>(parsed));
    return std::get<EarlyExit>(parsed);
  };
  CHECK(early({"-trunk", "3"}).status == 64);
  CHECK(early({"-trunk", "3"}).text.find("--trunk") != std::string::npos);
  CHECK(early({"-trunks", "many"}).status == 64);
  CHECK(early({"stray"}).status == 64);
  CHECK(early({"-initial", "/does/not/exist"}).status == 64);
  CHECK(early({"-tls-cert", "/dev/null"}).text.find("belong together") != std::string::npos);
  CHECK(early({"-help"}).status == 0);
  CHECK(early({"--help"}).text.find("-ready-file") != std::string::npos);
}

TEST_CASE("trunks are named by the pattern, padded so that they sort") {
  CHECK(trunk_name("Carrier {carrier} {number}", "A", 3, 9, 12) == "Carrier A 03");
  CHECK(trunk_name("{index}:{index}", "A", 3, 9, 10'000) == "00009:00009");
  CHECK(trunk_name("plain", "A", 1, 1, 1) == "plain");
}

TEST_CASE("a service is seeded with made chains, a folder and a list") {
  const Folder folder;
  const auto family = trunkform::testing::make_family(wall());
  files::create_directory(folder / "live");
  folder.write("live/Trunk East.pem", family.chain_pem());
  folder.write("live/Trunk East.key", family.leaf.key.text());
  folder.write("live/notes.txt", "no trunk");
  const auto list = folder.write("list.json", R"([{"id":"i1","name":"Bare","status":"down"},
      {"name":"Full","carrier":"C","certificate":"live/Trunk East.pem","key":"live/Trunk East.key"}])");
  const X509Judge judge;
  Service service({}, judge);
  const auto options = good({"-trunks", "5", "-distinct", "2", "-carriers", "A,B", "-initial", folder / "live",
                             "-seed-file", list, "-write-minted", folder / "minted"});
  REQUIRE(seed_service(service, options, wall()));
  std::vector<std::string> names;
  for (const auto& id : service.trunk_ids()) names.push_back(service.name_of(id));
  CHECK(names == std::vector<std::string>{"Trunk East", "Bare", "Full", "Carrier A 01", "Carrier B 01", "Carrier A 02",
                                          "Carrier B 02", "Carrier A 03"});
  const auto pair = [&](const std::string& name) { return service.serving(*service.find_trunk(name), wall())->pair; };
  CHECK(service.find_trunk("Bare") == "i1");
  CHECK(pair("Bare") == nullptr);
  CHECK(pair("Trunk East")->certificate == family.chain_pem());
  CHECK(pair("Full")->private_key == family.leaf.key.text());
  CHECK(pair("Carrier A 01") == pair("Carrier A 02"));
  CHECK(pair("Carrier A 01") != pair("Carrier B 01"));
  CHECK(read_text(folder / "minted/chain-1.pem").value() == pair("Carrier A 01")->certificate);
  CHECK(files::exists(folder / "minted/root.pem"));
  struct ::stat about{};
  REQUIRE(::stat((folder / "minted/chain-2.key").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("seeds that are wrong are refused with the file's name") {
  const Folder folder;
  const X509Judge judge;
  for (const std::string list : {"{}", "nonsense", "[7]", R"([{"id":"x"}])", R"([{"name":"a","colour":"red"}])",
                                 R"([{"name":7}])", R"([{"name":"a","certificate":"gone.pem"}])"}) {
    Service service({}, judge);
    const auto seeded = seed_service(service, good({"-seed-file", folder.write("list.json", list)}), wall());
    INFO(list);
    REQUIRE_FALSE(seeded);
    CHECK(seeded.error().summary.find(list.find("gone") == std::string::npos ? "list.json" : "gone.pem") !=
          std::string::npos);
  }
}

TEST_CASE("the program tells where it is, serves, runs the hook after a bind, and ends well on SIGTERM") {
  const Folder folder;
  const auto family = trunkform::testing::make_family(wall());
  const auto tokens = folder.write("tokens", "one\ntwo\n");
  Running running(folder, {"-trunks", "2", "-sip", "-token-file", tokens, "-client-id", "me", "-on-bind",
                           "echo \"$1 $2 $SIM_TRUNK_NAME\" >> " + (folder / "hook.log") +
                               "; cat /proc/self/environ >> " + (folder / "hook.log")});
  struct ::stat about{};
  REQUIRE(::stat((folder / "ready.json").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  CHECK(running.ready("/client_id") == "me");
  CHECK(running.ready("/client_secret").size() == 86);
  CHECK(running.ready("/sip/1/name") == "Carrier B 01");
  const auto trunk = running.ready("/sip/0/trunk");
  RawClient client(running.port());
  const auto body = trunkform::sim::testing::patch_body(family.chain_pem(), family.leaf.key.text());
  client.send("PATCH /api/v2/telephony/providers/edge/trunks/" + trunk +
              " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer two\r\nAccept: application/json\r\nContent-Type: "
              "application/json\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
  const auto hook = read_text(folder / "hook.log").value();
  CHECK(hook.starts_with(trunk + " "));
  CHECK(hook.find("Carrier A 01\n") != std::string::npos);
  CHECK(hook.find("PRIVATE KEY") == std::string::npos);
  trunkform::sim::testing::TlsClient sip(std::stoi(running.ready("/sip/0/port")));
  REQUIRE(sip.connected());
  CHECK(sip.chain_pem() == std::vector<std::string>{family.leaf.pem, family.intermediate.pem});
  CHECK(running.stop() == 0);
  CHECK(read_text(folder / "out").value().find("1 patches committed") != std::string::npos);
}

TEST_CASE("violations are printed at the end and make the exit status 3") {
  const Folder folder;
  Running running(folder, {"-trunks", "1"});
  RawClient client(running.port());
  client.send("GET /api/v2/organizations/me?access_token=x HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n");
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 401 "));
  CHECK(running.stop() == 3);
  const auto out = read_text(folder / "out").value();
  CHECK(out.find("violation: token_in_query: GET /api/v2/organizations/me: ") != std::string::npos);
}

TEST_CASE("a simulator that cannot start says why and exits 1") {
  const Folder folder;
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"-knobs", R"({"colour":1})"},
                                                                     {"-listen", "127.0.0.1:http"},
                                                                     {"-sip", "-sip-trunks", "nobody"},
                                                                     {"-token-file", folder / "gone"}}) {
    Running running(folder, arguments);
    CHECK(running.stop() == 1);
    CHECK_FALSE(files::exists(folder / "ready.json"));
  }
}
