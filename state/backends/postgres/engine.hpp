#pragma once
// A state in PostgreSQL (12 and later): rows a resource, a head row with lineage, serial and the lock, an event a row.
// Table by table: docs/formats/postgres.md. Works behind a pooler in transaction mode: each step is one statement.
#include <memory>
#include <string>

#include "schemas/ports/clock.hpp"
#include "state/backends/postgres/connection.hpp"
#include "state/remote/engine.hpp"

namespace trunkform::state::postgres {

struct Settings {
  Parameters connection;
  std::string schema = "trunkform";
  Duration time_to_live = std::chrono::minutes(1);  ///< of a lock that nobody renews
};

/// By the arguments of a `backend.postgres` block: `host`, `port`, `database`, `user`, `schema_name`. What is not there
/// is libpq's: the environment (PGHOST …, PGPASSWORD), the password file, the service file. Unless PGSSLMODE says
/// otherwise the server must show a certificate of its name (`verify-full`).
Result<Settings> settings_of(const std::map<std::string, std::string>& arguments);

/// Connects when it is first asked. `clock` is borrowed.
std::unique_ptr<Engine> open_engine(const Settings& settings, const std::string& workspace, Clock& clock);

}  // namespace trunkform::state::postgres
