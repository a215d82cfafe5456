#pragma once
// A request that is signed anew for each try: a signature is good for minutes. One owner; not thread-safe.
#include <string>

#include "providers/cloud/aws/signature.hpp"
#include "schemas/model/result.hpp"

namespace trunkform::cloud::aws {

struct SignedRequest {
  std::string endpoint;  ///< without a slash at its end
  Signable signable;     ///< its host and body are the endpoint's and `body`; its path is beneath the endpoint's
  Scope scope;
  const SecretBuffer* body = nullptr;
  Duration timeout = std::chrono::seconds(30);
  std::uint64_t body_limit = 1U << 20;

  /// What it gives borrows from this and from `credentials`, until the next call. The answer is a secret.
  Result<HttpRequest> prepare(const Credentials& credentials, Instant now);
  /// The same without a signature, for calls that carry another proof.
  Result<HttpRequest> unsigned_one() const;

 private:
  Signature m_signature;
};

}  // namespace trunkform::cloud::aws
