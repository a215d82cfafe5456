#pragma once
// What an ACME server says where it refuses: a problem document (RFC 7807) of a type of RFC 8555 §6.7. Pure.
#include <optional>
#include <string>
#include <vector>

#include "providers/cloud/secret_json.hpp"
#include "schemas/model/error.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::issuers::acme {

struct Subproblem {
  std::string name;  ///< the identifier that it is about; may be empty
  std::string type;
  std::string detail;
};

/// All of it foreign text.
struct Problem {
  std::string type;  ///< without `urn:ietf:params:acme:error:`: `rateLimited`; empty where there was none
  std::string detail;
  std::string instance;  ///< where more is to be read; may be empty
  int status = 0;        ///< of the answer; 0: it is no answer's, but a challenge's or an order's
  std::vector<Subproblem> subproblems;
};

/// Of an answer with a status from 400 on.
Problem problem_of(const HttpResponse& answer);

/// The member `error` of a challenge or an order; none where there is none.
std::optional<Problem> error_member(cloud::SecretJson& document);

/// `rateLimited: too many certificates; sip.example.com: …`, in quotes, for one line.
std::string words_of(const Problem& problem);

/// What the caller may decide upon: throttled, denied, rejected, invalid_input, not_found, unavailable, conflict.
ErrorCode code_of(const Problem& problem);

/// `summary`: what was tried.
Error to_error(const Problem& problem, std::string summary);

/// An answer's JSON; empty where it is none.
cloud::SecretJson json_of(const HttpResponse& answer);

}  // namespace trunkform::issuers::acme
