#pragma once
// The SQL, with the schema's name put in. Each is one statement: all of it happens, or nothing.
#include <string>

namespace trunkform::state::postgres {

struct Statements {
  explicit Statements(const std::string& schema_name);

  std::string make_schema, make_tables, format;
  std::string take_lock, renew, give_back, holder;
  std::string load, write, find_out;
  std::string events, last_event, append;
  std::string read_shared, make_shared, write_shared;
  std::string read_alerts, write_alerts;
  std::string workspaces, create, remove;
};

/// A name as an identifier; `"` doubled.
std::string identifier(const std::string& name);

}  // namespace trunkform::state::postgres
