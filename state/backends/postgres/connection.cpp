#include "state/backends/postgres/connection.hpp"

#include <algorithm>

#include <libpq-fe.h>
#include <poll.h>

#include "state/backends/postgres/failure.hpp"

namespace trunkform::state::postgres {
namespace {

/// How long one look at the socket lasts, before the wish to stop is looked at again.
constexpr int k_look_ms = 100;
/// A server that does not answer for so long is taken for dead.
constexpr Duration k_patience = std::chrono::seconds(60);
constexpr Duration k_longest_pause = std::chrono::seconds(2);
constexpr int k_attempts = 6;

std::string one_line(const char* text) {
  std::string line = text == nullptr ? "" : text;
  std::replace(line.begin(), line.end(), '\n', ' ');
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string state_of(const PGresult* result) {
  const auto* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return code == nullptr ? std::string() : std::string(code);
}

Answer answer_of(const PGresult* result) {
  Answer answer;
  answer.rows.resize(static_cast<std::size_t>(PQntuples(result)));
  for (std::size_t i = 0; i < answer.rows.size(); ++i)
    for (int column = 0; column < PQnfields(result); ++column) {
      const auto row = static_cast<int>(i);
      if (PQgetisnull(result, row, column) != 0)
        answer.rows[i].emplace_back();
      else
        answer.rows[i].emplace_back(
            std::string(PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column))));
    }
  const std::string affected = PQcmdTuples(const_cast<PGresult*>(result));  // NOLINT: libpq's signature
  if (!affected.empty()) answer.affected = std::stoul(affected);
  return answer;
}

using OwnedResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

}  // namespace

struct Connection::Handle {
  explicit Handle(PGconn* opened) : connection(opened) {}
  ~Handle() { PQfinish(connection); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  PGconn* connection;

  /// Waits for the socket. Errors: cancelled, timeout, unavailable.
  Result<> wait(const Context& context, Clock& clock, short events, Duration until) const {
    for (;;) {
      pollfd socket{PQsocket(connection), events, 0};
      const int ready = ::poll(&socket, 1, k_look_ms);
      if (ready > 0) return {};
      if (context.stop.stop_requested()) return Error(ErrorCode::cancelled, "stopped while the server was asked");
      if (context.deadline && clock.now() >= *context.deadline)
        return Error(ErrorCode::timeout, "the server did not answer in time");
      if (clock.monotonic() >= until) return Error(ErrorCode::unavailable, "the server does not answer");
    }
  }
};

Connection::Connection(Parameters parameters, Clock& clock) : m_parameters(std::move(parameters)), m_clock(clock) {}
Connection::~Connection() = default;

std::string Connection::place() {
  const std::scoped_lock guard(m_turn);
  const auto said = [&](const char* name) {
    const auto found = m_parameters.find(name);
    return found == m_parameters.end() ? std::string() : found->second;
  };
  const auto* host = m_handle ? PQhost(m_handle->connection) : nullptr;
  const auto* database = m_handle ? PQdb(m_handle->connection) : nullptr;
  const std::string where = host != nullptr ? host : said("host");
  const std::string what = database != nullptr ? database : said("dbname");
  return (where.empty() ? "the environment's server" : where) + (what.empty() ? "" : "/" + what);
}

Result<> Connection::connect(const Context& context) {
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : m_parameters) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  auto handle = std::make_unique<Handle>(PQconnectStartParams(names.data(), values.data(), 0));
  if (handle->connection == nullptr) return Error(ErrorCode::io, "there is no memory for a connection");
  // What the server notes beside its answers is for whoever runs it.
  PQsetNoticeProcessor(handle->connection, [](void*, const char*) {}, nullptr);
  const auto until = m_clock.monotonic() + k_patience;
  for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK; state = PQconnectPoll(handle->connection)) {
    if (state == PGRES_POLLING_FAILED || PQstatus(handle->connection) == CONNECTION_BAD) {
      const auto why = one_line(PQerrorMessage(handle->connection));
      const bool is_refused = PQconnectionNeedsPassword(handle->connection) != 0 ||
                              why.find("authentication") != std::string::npos ||
                              why.find("pg_hba") != std::string::npos;
      if (is_refused) return failure_of("28000", why);
      if (why.find("certificate") != std::string::npos || why.find("SSL") != std::string::npos)
        return Error(ErrorCode::untrusted, "the server's certificate is not trusted", why)
            .hint("name the authority that signed it: backend.postgres.sslrootcert, or PGSSLROOTCERT");
      if (why.find("does not exist") != std::string::npos) return failure_of("3D000", why);
      return Error(ErrorCode::unavailable, "PostgreSQL cannot be reached", why);
    }
    const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    TRY(handle->wait(context, m_clock, events, until));
  }
  if (PQsetnonblocking(handle->connection, 1) != 0) return Error(ErrorCode::io, "the connection cannot be used");
  m_handle = std::move(handle);
  return {};
}

Result<Answer> Connection::run_once(const Context& context, Statement kind, const std::string& sql,
                                    const std::vector<std::optional<std::string>>& values) {
  if (m_handle && PQstatus(m_handle->connection) != CONNECTION_OK) m_handle.reset();
  if (!m_handle) TRY(connect(context));
  auto* connection = m_handle->connection;
  const auto lost = [&](std::string why) {
    m_handle.reset();
    return Error(kind == Statement::writes ? ErrorCode::outcome_unknown : ErrorCode::unavailable,
                 "the connection to PostgreSQL was lost", std::move(why));
  };
  std::vector<const char*> texts;
  texts.reserve(values.size());
  for (const auto& value : values) texts.push_back(value ? value->c_str() : nullptr);
  if (PQsendQueryParams(connection, sql.c_str(), static_cast<int>(texts.size()), nullptr, texts.data(), nullptr,
                        nullptr, 0) == 0)
    return lost(one_line(PQerrorMessage(connection)));
  const auto until = m_clock.monotonic() + k_patience;
  for (int left = 1; left != 0;) {
    left = PQflush(connection);
    if (left < 0) return lost(one_line(PQerrorMessage(connection)));
    if (left == 0) break;
    if (auto ready = m_handle->wait(context, m_clock, POLLOUT | POLLIN, until); !ready)
      return lost(to_line(ready.error()));
    if (PQconsumeInput(connection) == 0) return lost(one_line(PQerrorMessage(connection)));
  }
  while (PQisBusy(connection) != 0) {
    if (auto ready = m_handle->wait(context, m_clock, POLLIN, until); !ready) return lost(to_line(ready.error()));
    if (PQconsumeInput(connection) == 0) return lost(one_line(PQerrorMessage(connection)));
  }
  const OwnedResult result(PQgetResult(connection), &PQclear);
  if (!result) return lost(one_line(PQerrorMessage(connection)));
  while (const OwnedResult rest{PQgetResult(connection), &PQclear}) {
  }
  const auto status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return answer_of(result.get());
  const auto code = state_of(result.get());
  if (PQstatus(connection) != CONNECTION_OK && !may_be_repeated(code))
    return lost(one_line(PQresultErrorMessage(result.get())));
  auto failure = failure_of(code, one_line(PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY)));
  if (may_be_repeated(code)) failure.retry_after = Duration::zero();
  return failure;
}

Result<Answer> Connection::run(const Context& context, Statement kind, const std::string& sql,
                               const std::vector<std::optional<std::string>>& values) {
  const std::scoped_lock guard(m_turn);
  Duration pause = std::chrono::milliseconds(50);
  for (int attempt = 1;; ++attempt) {
    auto answer = run_once(context, kind, sql, values);
    if (answer || attempt == k_attempts) return answer;
    // Of a statement that only reads, and where no connection was made, nothing can have been done.
    const bool again = answer.error().retry_after || answer.error().code == ErrorCode::unavailable;
    if (!again) return answer;
    TRY(m_clock.sleep(context, pause));
    pause = std::min(pause * 3, k_longest_pause);
  }
}

std::string array_of(const std::vector<std::string>& items) {
  std::string text = "{";
  for (const auto& item : items) {
    if (text.size() > 1) text += ',';
    text += '"';
    for (const char c : item) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

}  // namespace trunkform::state::postgres
