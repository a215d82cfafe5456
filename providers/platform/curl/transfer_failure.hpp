#pragma once
// What a failed transfer means: its code, and whether the request may have been seen by the server.
#include <string>

#include <curl/curl.h>

#include "schemas/ports/http_client.hpp"

namespace trunkform::platform::detail {

/// `words`: libcurl's error buffer. `where`: `GET host`. Reads the handle's counters.
HttpFailure failure_of(CURL* handle, CURLcode code, const std::string& words, const std::string& where);
/// We ended it ourselves: nothing is wrong with the network.
HttpFailure stopped_failure(CURL* handle, const std::string& where);

/// Of a request that was never begun.
HttpFailure not_sent(Error error);

}  // namespace trunkform::platform::detail
