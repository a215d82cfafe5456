#pragma once
// What PostgreSQL's SQLSTATE codes mean here (PostgreSQL 15, Appendix A).
#include <string>
#include <string_view>

#include "schemas/model/error.hpp"

namespace trunkform::state::postgres {

/// `message`: the server's own words, one line. Never the statement's values.
Error failure_of(std::string_view sqlstate, const std::string& message);

/// Whether the same statement may be sent again at once: nothing of it was done.
bool may_be_repeated(std::string_view sqlstate);

}  // namespace trunkform::state::postgres
