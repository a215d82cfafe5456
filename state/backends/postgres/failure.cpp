#include "state/backends/postgres/failure.hpp"

namespace trunkform::state::postgres {

bool may_be_repeated(std::string_view sqlstate) {
  return sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "53300" || sqlstate == "57P03";
}

Error failure_of(std::string_view sqlstate, const std::string& message) {
  const auto said = [&](ErrorCode code, std::string summary) {
    return Error(code, std::move(summary), "PostgreSQL says: " + message);
  };
  const auto group = sqlstate.substr(0, 2);
  if (sqlstate == "42501")
    return said(ErrorCode::denied, "this role may not do that")
        .hint("docs/permissions.md has the grants that a state needs");
  if (group == "28") return said(ErrorCode::denied, "the server did not let us in");
  if (sqlstate == "3D000") return said(ErrorCode::not_found, "there is no such database");
  if (sqlstate == "3F000" || sqlstate == "42P01")
    return said(ErrorCode::not_found, "the tables of the state are not there")
        .hint("make them, with a role that may: trunkform init");
  if (sqlstate == "23505") return said(ErrorCode::conflict, "somebody else wrote that first");
  if (sqlstate == "53100" || sqlstate == "53200") return said(ErrorCode::io, "the server has no room left");
  if (sqlstate == "25006") return said(ErrorCode::denied, "this server only reads: it is a standby");
  if (sqlstate == "57014") return said(ErrorCode::timeout, "the server gave the statement up");
  if (group == "08" || group == "57" || group == "53" || group == "40" || sqlstate.empty())
    return said(ErrorCode::unavailable, "the server cannot answer");
  return said(ErrorCode::protocol, "the server did not understand (" + std::string(sqlstate) + ")");
}

}  // namespace trunkform::state::postgres
