// backend-contract: asks the kit of backends (tests/support/backend_kit) of a real server, that BACKEND_KIND names:
// postgres, s3, azblob, etcd or http. Each test case has a place of its own there, unless BACKEND_PLACE names one that
// several processes share.
#include <fstream>
#include <iostream>

#include "state/backends/postgres/engine.hpp"
#include "tests/support/azblob_bench.hpp"
#include "tests/support/backend_kit/backend_kit.hpp"
#include "tests/support/backend_machine.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/etcd_bench.hpp"
#include "tests/support/http_bench.hpp"
#include "tests/support/s3_bench.hpp"

using namespace std::chrono_literals;

namespace trunkform::testing {
namespace {

/// Tables are made, and tampered with, by PG_OWNER; the ports are those of PG_USER, with the grants of PG_GRANTS.
class PostgresBench final : public BackendBench {
 public:
  PostgresBench() : m_proxy(said("PG_HOST"), static_cast<std::uint16_t>(std::stoi(said("PG_PORT")))) {
    m_settings.connection = {{"host", "127.0.0.1"},
                             {"port", std::to_string(m_proxy.port())},
                             {"dbname", said("PG_DATABASE")},
                             {"user", said("PG_USER")},
                             {"sslmode", "disable"}};
    m_settings.schema = place_of_a_case();
    m_settings.time_to_live = 6s;
    auto owned = m_settings;
    owned.connection = owner();
    auto prepared = state::postgres::open_engine(owned, "default", m_machine.clock)->prepare({});
    if (!prepared) throw std::runtime_error(to_line(prepared.error()));
    for (const auto& grant : grants()) (void)as_owner(grant);
  }
  ~PostgresBench() override {
    if (!shared_place()) (void)as_owner("DROP SCHEMA \"" + m_settings.schema + "\" CASCADE");
  }

  state::Backend open(const std::string& workspace) override {
    return m_machine.open(
        [this](const std::string& name) -> Result<std::unique_ptr<state::Engine>> {
          return state::postgres::open_engine(m_settings, name, m_machine.clock);
        },
        workspace);
  }
  bool lose_next(Lost lost) override {
    m_proxy.cut_next(
        lost == Lost::request ? CuttingProxy::Cut::before_the_request : CuttingProxy::Cut::before_the_answer,
        {"INSERT INTO", "UPDATE", "DELETE"});
    return true;
  }
  bool has_lost() override { return m_proxy.has_cut(); }
  bool take_lock_away(const std::string& workspace) override {
    return as_owner("UPDATE \"" + m_settings.schema + "\".states SET lock_id = NULL WHERE workspace = '" + workspace +
                    "'");
  }
  bool let_lock_run_out() override {
    return as_owner("UPDATE \"" + m_settings.schema + "\".states SET lock_ends = now() - interval '1 second'");
  }

 private:
  Machine m_machine;
  CuttingProxy m_proxy;
  state::postgres::Settings m_settings;

  state::postgres::Parameters owner() const {
    return {{"host", said("PG_HOST")},
            {"port", said("PG_PORT")},
            {"dbname", said("PG_DATABASE")},
            {"user", said("PG_OWNER")},
            {"sslmode", "disable"}};
  }
  bool as_owner(const std::string& sql) {
    state::postgres::Connection connection(owner(), m_machine.clock);
    const auto done = connection.run({}, state::postgres::Statement::reads, sql, {});
    if (!done) std::cerr << to_line(done.error()) << '\n';
    return done.has_value();
  }
  /// A statement a line, of the schema `trunkform`.
  std::vector<std::string> grants() const {
    std::vector<std::string> statements;
    std::ifstream file(said("PG_GRANTS"));
    for (std::string line; std::getline(file, line);) {
      for (std::string::size_type at = 0; (at = line.find("trunkform.", at)) != std::string::npos; ++at)
        line.replace(at, 9, m_settings.schema);
      if (const auto at = line.find("SCHEMA trunkform "); at != std::string::npos)
        line.replace(at + 7, 9, m_settings.schema);
      statements.push_back(line);
    }
    return statements;
  }
};

}  // namespace

std::vector<BackendKind> backend_kinds() {
  const auto kind = said("BACKEND_KIND");
  if (kind == "postgres") return {{"postgres", [] { return std::make_unique<PostgresBench>(); }}};
  if (kind == "s3") return {{"s3", make_s3_bench}};
  if (kind == "azblob") return {{"azblob", make_azblob_bench}};
  if (kind == "etcd") return {{"etcd", make_etcd_bench}};
  if (kind == "http") return {{"http", make_http_bench}};
  throw std::runtime_error("BACKEND_KIND=" + kind + " is none that is known");
}

}  // namespace trunkform::testing
