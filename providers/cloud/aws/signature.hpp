#pragma once
// AWS Signature Version 4 ("Create a signed AWS API request", AWS IAM User Guide). Pure and thread-safe. libcurl's own
// is not used: it signs wrongly what is unsorted, without value or not plain (docs/decisions/0310).
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "providers/cloud/aws/credentials.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::cloud::aws {

/// Names and values as they are meant, not encoded; a name may come twice, a value may be empty.
using Query = std::vector<std::pair<std::string, std::string>>;

/// `a=&b=1`: each name and value percent-encoded, in the order that is signed; it is sent like this too.
std::string canonical_query(const Query& query);

/// How the path is signed: `encoded_again` by all services but S3, which takes it `as_sent`, dots and slashes included,
/// and wants to be told the body's digest in a header.
enum class PathRule { encoded_again, as_sent };

/// For what a signature is good.
struct Scope {
  std::string region;
  std::string service;  ///< its signing name: `secretsmanager`
  PathRule path = PathRule::encoded_again;
};

/// A request as far as it is signed. Borrowed for the call.
struct Signable {
  std::string method;
  std::string host;  ///< with the port where it is sent with one
  std::string path;  ///< as it is sent, so percent-encoded; empty is `/`
  Query query{};
  std::vector<HttpHeader> headers{};  ///< that are signed beside `host` and those that signing adds
  std::string_view body{};
};

/// What is sent with the request beside what it has: `Authorization`, `X-Amz-Date`, `X-Amz-Security-Token` (the
/// credentials', where they have one), and by `as_sent` `X-Amz-Content-Sha256`.
struct Signature {
  std::string date;            ///< `20150830T123600Z`
  std::string body_digest;     ///< SHA-256 in hex
  SecretBuffer authorization;  ///< no secret, but sent as one
};

Signature sign(const Signable& request, const Credentials& credentials, const Scope& scope, Instant now);

}  // namespace trunkform::cloud::aws
