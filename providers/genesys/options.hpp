#pragma once
// What the client needs to know of `provider.genesys`, with every default of docs/configuration.md filled in by others.
#include <functional>
#include <string>

#include "providers/genesys/endpoints.hpp"
#include "schemas/model/time.hpp"
#include "schemas/ports/secret_buffer.hpp"

namespace trunkform::genesys {

struct Options {
  Endpoints endpoints;
  std::string client_id;
  SecretBuffer client_secret;
  SecretBuffer access_token;      ///< where not empty, used instead of client id and secret; cannot be renewed
  int requests_per_minute = 240;  ///< the service's limit is 300 per token
  int concurrency = 6;            ///< pages fetched side by side
  Duration timeout = std::chrono::seconds(30);
  Duration retry_budget = std::chrono::minutes(5);  ///< per call, waiting included
  /// Before each wait for another try: why, how long, and how long tries go on at the most. Any thread. Null: untold.
  std::function<void(const Error& why, Duration wait, Duration at_most)> on_wait{};
  /// Before each wait that our own pace asks for, and nobody else. Any thread. Null: untold.
  std::function<void(Duration wait)> on_pace{};
};

}  // namespace trunkform::genesys
