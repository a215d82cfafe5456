#pragma once
// Authorities whose own server has a certificate that the machine does not trust. Pure.
#include <string>

#include "schemas/model/error.hpp"

namespace trunkform::issuers {

/// `error` of a connection whose certificate was not taken (denied), with what to do: which roots count there, and in
/// which variable of the environment others are named. `ca_file`: what that variable says; empty: it is not set.
Error with_roots(Error error, const std::string& variable, const std::string& ca_file);

}  // namespace trunkform::issuers
