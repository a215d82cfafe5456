#pragma once
// libcurl as this process uses it: initialised once, on first use, with an allocator that wipes what it frees, so that
// authorization headers, tokens and keys do not stay in curl's own buffers.
#include <curl/curl.h>

namespace trunkform::platform::detail {

/// Initialises libcurl where that was not done. Thread-safe.
void ensure_curl();

/// DNS answers and TLS sessions, shared by all transfers of the process. Connections are not: each thread has its own.
CURLSH* shared_curl();

}  // namespace trunkform::platform::detail
