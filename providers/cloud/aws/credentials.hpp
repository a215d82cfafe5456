#pragma once
// What AWS knows us by. Values; move-only.
#include <memory>
#include <optional>
#include <string>

#include "schemas/model/time.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::cloud::aws {

struct Credentials {
  std::string access_key_id;  ///< no secret: it stands in every request
  SecretBuffer secret_access_key;
  SecretBuffer session_token;      ///< empty: there is none, these last
  std::optional<Instant> expires;  ///< none: they last
  std::string origin;              ///< where they came from, for messages: `the environment`
};

using CredentialsPtr = std::shared_ptr<const Credentials>;

}  // namespace trunkform::cloud::aws
