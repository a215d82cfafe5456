#pragma once
// What etcd's and gRPC's ways to say no mean here. Pure. Sources: gRPC status codes (grpc/doc/statuscodes.md); etcd's
// own texts, etcd 3.4 to 3.6, api/v3rpc/rpctypes/error.go: several of them share a code.
#include <string>

#include "schemas/model/error.hpp"

namespace trunkform::cloud::etcd {

/// What a call does if its answer is lost.
enum class Call { reads, writes };

struct Refusal {
  enum class Then { give_up, ask_another_member, log_in_again };
  Error error;
  Then then = Then::give_up;  ///< the others only where nothing was done
};

/// `code`: gRPC's number. `target`: whom we asked. What a lost answer of a write has done nobody knows:
/// outcome_unknown.
Refusal refusal_of(int code, const std::string& message, Call call, const std::string& target);

}  // namespace trunkform::cloud::etcd
