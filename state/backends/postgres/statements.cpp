#include "state/backends/postgres/statements.hpp"

#include <string_view>

namespace trunkform::state::postgres {
namespace {

/// `@` stands for the schema.
std::string in(const std::string& schema, std::string_view sql) {
  std::string text;
  for (const char c : sql) {
    if (c == '@')
      text += schema;
    else
      text += c;
  }
  return text;
}

constexpr std::string_view k_make_tables = R"(
DO $$ BEGIN
CREATE TABLE IF NOT EXISTS @.format (version int PRIMARY KEY);
INSERT INTO @.format SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM @.format);
CREATE TABLE IF NOT EXISTS @.states (
  workspace text PRIMARY KEY,
  lineage text, serial bigint, head text,
  lock_id text, lock_info text, lock_ends timestamptz,
  alerts text);
CREATE TABLE IF NOT EXISTS @.resources (
  workspace text NOT NULL, address text NOT NULL, record text NOT NULL, PRIMARY KEY (workspace, address));
CREATE TABLE IF NOT EXISTS @.events (
  workspace text NOT NULL, sequence bigint NOT NULL, line text NOT NULL, PRIMARY KEY (workspace, sequence));
CREATE TABLE IF NOT EXISTS @.shared (
  name text PRIMARY KEY, revision bigint NOT NULL, content text NOT NULL);
END $$)";

// Whoever has it under this id already has it still; what has run out is free.
constexpr std::string_view k_take_lock = R"(
INSERT INTO @.states AS s (workspace, lock_id, lock_info, lock_ends)
VALUES ($1, $2, $3, now() + $4::interval)
ON CONFLICT (workspace) DO UPDATE SET lock_id = $2, lock_info = $3, lock_ends = now() + $4::interval
WHERE s.lock_id IS NULL OR s.lock_ends <= now() OR s.lock_id = $2)";

constexpr std::string_view k_renew = R"(
UPDATE @.states SET lock_ends = now() + $3::interval WHERE workspace = $1 AND lock_id = $2 AND lock_ends > now())";

constexpr std::string_view k_give_back = R"(
UPDATE @.states SET lock_id = NULL, lock_info = NULL, lock_ends = NULL WHERE workspace = $1 AND lock_id = $2)";

constexpr std::string_view k_holder = R"(
SELECT lock_info FROM @.states WHERE workspace = $1 AND lock_id IS NOT NULL AND lock_ends > now())";

// The head and its rows, as they were at one moment.
constexpr std::string_view k_load = R"(
SELECT NULL, head FROM @.states WHERE workspace = $1 AND serial IS NOT NULL
UNION ALL SELECT address, record FROM @.resources WHERE workspace = $1)";

// $2 the lock, $3 and $4 what must be there (none: no document), $5 to $7 what is to be, $8 and $9 rows to put, $10
// rows to remove. Nothing of it happens where the head does not.
constexpr std::string_view k_write = R"(
WITH head AS (
  UPDATE @.states SET lineage = $5, serial = $6::bigint, head = $7
  WHERE workspace = $1 AND lock_id = $2 AND lock_ends > now()
    AND lineage IS NOT DISTINCT FROM $3 AND serial IS NOT DISTINCT FROM $4::bigint
  RETURNING workspace),
gone AS (
  DELETE FROM @.resources r USING head WHERE r.workspace = head.workspace AND r.address = ANY ($10::text[])),
put AS (
  INSERT INTO @.resources (workspace, address, record)
  SELECT head.workspace, t.address, t.record FROM head, unnest($8::text[], $9::text[]) AS t (address, record)
  ON CONFLICT (workspace, address) DO UPDATE SET record = excluded.record)
SELECT 1 FROM head)";

constexpr std::string_view k_find_out = R"(
SELECT lock_id = $2 AND lock_ends > now() FROM @.states WHERE workspace = $1)";

constexpr std::string_view k_events = R"(
SELECT sequence, line FROM @.events WHERE workspace = $1 AND sequence > $2::bigint ORDER BY sequence)";

constexpr std::string_view k_last_event = R"(
SELECT sequence, line FROM @.events WHERE workspace = $1 ORDER BY sequence DESC LIMIT 1)";

// The lock's row is held until the events are there, so that nobody takes the lock in between.
constexpr std::string_view k_append = R"(
WITH held AS (
  SELECT workspace FROM @.states WHERE workspace = $1 AND lock_id = $2 AND lock_ends > now() FOR UPDATE)
INSERT INTO @.events (workspace, sequence, line)
SELECT held.workspace, $3::bigint + t.n - 1, t.line FROM held, unnest($4::text[]) WITH ORDINALITY AS t (line, n))";

constexpr std::string_view k_make_shared = R"(
INSERT INTO @.shared (name, revision, content) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING)";

constexpr std::string_view k_write_shared = R"(
UPDATE @.shared SET content = $2, revision = revision + 1 WHERE name = $1 AND revision = $3::bigint)";

constexpr std::string_view k_write_alerts = R"(
INSERT INTO @.states (workspace, alerts) VALUES ($1, $2) ON CONFLICT (workspace) DO UPDATE SET alerts = $2)";

constexpr std::string_view k_remove = R"(
WITH head AS (DELETE FROM @.states WHERE workspace = $1 AND lock_id = $2 AND lock_ends > now() RETURNING workspace),
gone AS (DELETE FROM @.resources r USING head WHERE r.workspace = head.workspace),
lost AS (DELETE FROM @.events e USING head WHERE e.workspace = head.workspace)
SELECT 1 FROM head)";

}  // namespace

std::string identifier(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

Statements::Statements(const std::string& schema_name) {
  const auto schema = identifier(schema_name);
  make_schema = in(schema, "CREATE SCHEMA IF NOT EXISTS @");
  make_tables = in(schema, k_make_tables);
  format = in(schema, "SELECT max(version) FROM @.format");
  take_lock = in(schema, k_take_lock);
  renew = in(schema, k_renew);
  give_back = in(schema, k_give_back);
  holder = in(schema, k_holder);
  load = in(schema, k_load);
  write = in(schema, k_write);
  find_out = in(schema, k_find_out);
  events = in(schema, k_events);
  last_event = in(schema, k_last_event);
  append = in(schema, k_append);
  read_shared = in(schema, "SELECT content, revision FROM @.shared WHERE name = $1");
  make_shared = in(schema, k_make_shared);
  write_shared = in(schema, k_write_shared);
  read_alerts = in(schema, "SELECT alerts FROM @.states WHERE workspace = $1 AND alerts IS NOT NULL");
  write_alerts = in(schema, k_write_alerts);
  workspaces = in(schema, "SELECT workspace FROM @.states ORDER BY workspace");
  create = in(schema, "INSERT INTO @.states (workspace) VALUES ($1) ON CONFLICT DO NOTHING");
  remove = in(schema, k_remove);
}

}  // namespace trunkform::state::postgres
