#pragma once
// One connection to a PostgreSQL server, made when it is first needed and again after it was lost. Thread-safe: one
// statement at a time. Works behind a pooler in transaction mode: nothing lives longer than a statement.
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "schemas/model/result.hpp"
#include "schemas/ports/clock.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform::state::postgres {

/// libpq's own names (`host`, `dbname`, `sslmode` …) and values. What is not said is the environment's (PGHOST …), the
/// password file's or the service file's.
using Parameters = std::map<std::string, std::string>;

/// A row's columns; none: NULL.
using Row = std::vector<std::optional<std::string>>;

struct Answer {
  std::vector<Row> rows;
  std::size_t affected = 0;
};

/// What the statement does if its answer is lost.
enum class Statement { reads, writes };

class Connection {
 public:
  /// `clock` is borrowed.
  Connection(Parameters parameters, Clock& clock);
  ~Connection();

  /// One statement with its values ($1, $2 …; none: NULL). Where the server asks to try again (40001, 40P01, 53300) it
  /// is tried again for a while. Errors: denied, not_found (no such database, schema or table), conflict (23505),
  /// outcome_unknown (of one that writes), unavailable, io (no room), cancelled, timeout, protocol.
  Result<Answer> run(const Context& context, Statement kind, const std::string& sql,
                     const std::vector<std::optional<std::string>>& values);

  /// `db.example.com:5432/ops` as connected, or as it would be.
  std::string place();

 private:
  struct Handle;
  const Parameters m_parameters;
  Clock& m_clock;
  std::mutex m_turn;
  std::unique_ptr<Handle> m_handle;  ///< null: not connected; guarded by `m_turn`

  Result<> connect(const Context& context);
  Result<Answer> run_once(const Context& context, Statement kind, const std::string& sql,
                          const std::vector<std::optional<std::string>>& values);
};

/// An array's text, as PostgreSQL reads it.
std::string array_of(const std::vector<std::string>& items);

}  // namespace trunkform::state::postgres
