#include "state/backends/postgres/engine.hpp"

#include <atomic>
#include <chrono>

#include "schemas/codec/lock_codec.hpp"
#include "state/backends/postgres/statements.hpp"
#include "state/document/rows.hpp"

namespace trunkform::state::postgres {
namespace {

constexpr int k_format = 1;  // docs/formats/postgres.md

Error fenced() { return Error(ErrorCode::fenced, "another run has the lock, or it has run out"); }

std::string seconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + " seconds";
}

const char* name_of(Shared what) { return what == Shared::owners ? "owners" : "pacing"; }

class PostgresEngine final : public Engine {
 public:
  PostgresEngine(const Settings& settings, std::string workspace, Clock& clock)
      : m_settings(settings),
        m_workspace(std::move(workspace)),
        m_sql(settings.schema),
        m_connection(settings.connection, clock),
        m_keeper(settings.connection, clock) {}

  BackendCapabilities capabilities() const override {
    return {.append = true,
            .fence = true,
            .cas = true,
            .ttl = true,
            .ownership = true,
            .pacing = true,
            .versions = false,
            .workspaces = true};
  }
  std::string place() const override {
    return "PostgreSQL " + m_connection.place() + ", schema " + m_settings.schema + ", workspace " + m_workspace;
  }

  Result<> prepare(const Context& context) override {
    TRY(m_connection.run(context, Statement::writes, m_sql.make_schema, {}));
    TRY(m_connection.run(context, Statement::writes, m_sql.make_tables, {}));
    return understands_tables(context);
  }

  Result<Instant> now(const Context& context) override {
    const auto answer = TRY(read("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", {}, context));
    return Instant(Duration(std::stoll(*answer.rows.at(0).at(0))));
  }

  Duration renewal() const override { return m_settings.time_to_live / 3; }
  Duration time_to_live() const override { return m_settings.time_to_live; }

  Result<> take_lock(const Context& context, const LockInfo& info) override {
    TRY(understands_tables(context));
    const auto answer = TRY(write(
        m_sql.take_lock, {m_workspace, info.id, encode_lock_info(info), seconds(m_settings.time_to_live)}, context));
    if (answer.affected == 0) return Error(ErrorCode::lock_held, "another run has the lock");
    return {};
  }
  Result<> renew(const Context& context, const std::string& id) override {
    // On a connection of its own: a long statement of the run must not keep it from being renewed.
    const auto answer =
        TRY(m_keeper.run(context, Statement::writes, m_sql.renew, {m_workspace, id, seconds(m_settings.time_to_live)}));
    return answer.affected == 0 ? Result<>(fenced()) : Result<>();
  }
  Result<> give_back(const Context& context, const std::string& id) override {
    const auto answer = TRY(write(m_sql.give_back, {m_workspace, id}, context));
    return answer.affected == 0 ? Result<>(fenced()) : Result<>();
  }
  Result<std::optional<LockInfo>> holder(const Context& context) override {
    const auto answer = TRY(read(m_sql.holder, {m_workspace}, context));
    if (answer.rows.empty() || !answer.rows[0][0]) return std::optional<LockInfo>();
    return std::optional(TRY(decode_lock_info(*answer.rows[0][0])));
  }
  Result<> break_lock(const Context& context, const std::string& id) override {
    const auto found = TRY(holder(context));
    if (!found) return Error(ErrorCode::not_found, "nothing is locked").hint("run the command that you wanted to run");
    if (found->id != id) return Error(ErrorCode::conflict, "the lock has another id");
    const auto answer = TRY(write(m_sql.give_back, {m_workspace, id}, context));
    return answer.affected == 0 ? Result<>(Error(ErrorCode::conflict, "another took it meanwhile")) : Result<>();
  }

  Result<std::optional<StateDocument>> load(const Context& context) override {
    TRY(understands_tables(context));
    const auto answer = TRY(read(m_sql.load, {m_workspace}, context));
    std::optional<std::string> head;
    std::map<std::string, std::string> rows;
    for (const auto& row : answer.rows) {
      if (row[0])
        rows.emplace(*row[0], row[1].value_or(""));
      else
        head = row[1].value_or("");
    }
    if (!head) return std::optional<StateDocument>();
    return std::optional(TRY(document_of(*head, rows)));
  }
  Result<> write(const Context& context, const std::string& id, const StateDocument* before,
                 const StateDocument& next) override {
    const auto changes = changes_between(before, next);
    std::vector<std::string> addresses;
    std::vector<std::string> records;
    for (const auto& [address, record] : changes.put) {
      addresses.push_back(address);
      records.push_back(record);
    }
    const auto lineage = before != nullptr ? std::optional(before->lineage) : std::nullopt;
    const auto serial = before != nullptr ? std::optional(std::to_string(before->serial)) : std::nullopt;
    const auto answer = TRY(write(m_sql.write,
                                  {m_workspace, id, lineage, serial, next.lineage, std::to_string(next.serial),
                                   head_of(next), array_of(addresses), array_of(records), array_of(changes.removed)},
                                  context));
    if (!answer.rows.empty()) return {};
    return TRY(has_lock(context, id)) ? Error(ErrorCode::conflict, "another document is there") : fenced();
  }

  Result<EventBatch> events(const Context& context, Sequence after) override {
    return batch_of(TRY(read(m_sql.events, {m_workspace, std::to_string(after)}, context)));
  }
  Result<std::optional<EventBatch>> last_event(const Context& context) override {
    auto batch = batch_of(TRY(read(m_sql.last_event, {m_workspace}, context)));
    return batch.lines.empty() ? std::nullopt : std::optional(std::move(batch));
  }
  Result<> append(const Context& context, const std::string& id, const EventBatch& batch) override {
    auto answer = write(m_sql.append, {m_workspace, id, std::to_string(batch.first), array_of(batch.lines)}, context);
    if (!answer && answer.error().code == ErrorCode::conflict) return fenced();
    if (!answer) return std::move(answer.error());
    return answer->affected == 0 ? Result<>(fenced()) : Result<>();
  }

  Result<std::optional<SharedText>> read_shared(const Context& context, Shared what) override {
    const auto answer = TRY(read(m_sql.read_shared, {name_of(what)}, context));
    if (answer.rows.empty()) return std::optional<SharedText>();
    return std::optional(SharedText{*answer.rows[0][0], *answer.rows[0][1]});
  }
  Result<> write_shared(const Context& context, Shared what, const std::optional<std::string>& revision,
                        const std::string& text) override {
    const auto answer = revision ? TRY(write(m_sql.write_shared, {name_of(what), text, revision}, context))
                                 : TRY(write(m_sql.make_shared, {name_of(what), text}, context));
    return answer.affected == 0 ? Result<>(Error(ErrorCode::conflict, "another wrote it meanwhile")) : Result<>();
  }
  Result<std::optional<std::string>> read_alerts(const Context& context) override {
    const auto answer = TRY(read(m_sql.read_alerts, {m_workspace}, context));
    return answer.rows.empty() ? std::nullopt : answer.rows[0][0];
  }
  Result<> write_alerts(const Context& context, const std::string& text) override {
    TRY(write(m_sql.write_alerts, {m_workspace, text}, context));
    return {};
  }

  Result<std::vector<std::string>> workspaces(const Context& context) override {
    std::vector<std::string> names;
    for (const auto& row : TRY(read(m_sql.workspaces, {}, context)).rows) names.push_back(*row[0]);
    return names;
  }
  Result<> create(const Context& context) override {
    TRY(write(m_sql.create, {m_workspace}, context));
    return {};
  }
  Result<> remove(const Context& context, const std::string& id) override {
    const auto answer = TRY(write(m_sql.remove, {m_workspace, id}, context));
    return answer.rows.empty() ? Result<>(fenced()) : Result<>();
  }

 private:
  const Settings m_settings;
  const std::string m_workspace;
  const Statements m_sql;
  mutable Connection m_connection;
  Connection m_keeper;
  std::atomic<bool> m_is_understood = false;

  /// Asked once a run.
  Result<> understands_tables(const Context& context) {
    if (m_is_understood) return {};
    const auto answer = TRY(read(m_sql.format, {}, context));
    const auto format = answer.rows.at(0).at(0).value_or("0");
    if (format != std::to_string(k_format))
      return Error(ErrorCode::unsupported, "the tables of this state are of another format",
                   "they are of format " + format + ", and this trunkform knows format " + std::to_string(k_format))
          .hint("use the trunkform that made them: its release notes name the format; nothing was read or changed");
    m_is_understood = true;
    return {};
  }

  using Values = std::vector<std::optional<std::string>>;
  Result<Answer> read(const std::string& sql, const Values& values, const Context& context) {
    return m_connection.run(context, Statement::reads, sql, values);
  }
  Result<Answer> write(const std::string& sql, const Values& values, const Context& context) {
    return m_connection.run(context, Statement::writes, sql, values);
  }
  Result<bool> has_lock(const Context& context, const std::string& id) {
    const auto answer = TRY(read(m_sql.find_out, {m_workspace, id}, context));
    return !answer.rows.empty() && answer.rows[0][0] == "t";
  }
  static EventBatch batch_of(const Answer& answer) {
    EventBatch batch;
    for (const auto& row : answer.rows) {
      if (batch.lines.empty()) batch.first = std::stoull(*row[0]);
      batch.lines.push_back(*row[1]);
    }
    return batch;
  }
};

}  // namespace

std::unique_ptr<Engine> open_engine(const Settings& settings, const std::string& workspace, Clock& clock) {
  return std::make_unique<PostgresEngine>(settings, workspace, clock);
}

}  // namespace trunkform::state::postgres
