#pragma once
// HttpClient over libcurl. The library is initialised by the first request, so that commands which send none do not pay
// for it. Connections are kept and reused for what may be repeated; every other method opens one of its own, because
// libcurl silently sends a request again when a reused connection turns out to be dead (docs/decisions/0131).
#include <memory>
#include <string>

#include "schemas/ports/clock.hpp"
#include "schemas/ports/http_client.hpp"

namespace trunkform::platform {

/// All of it is the operator's: from flags, environment or the trust file, never from configuration.
struct CurlOptions {
  std::string ca_file;  ///< PEM of the only trusted roots; empty: the system's
  std::string proxy{};  ///< empty: http_proxy, https_proxy, all_proxy, no_proxy of the environment
  std::string user_agent = "trunkform";
  Duration connect_timeout = std::chrono::seconds(10);
  Duration stall = std::chrono::seconds(30);  ///< less than 16 bytes a second for this long is a timeout
  std::uint64_t header_limit = 64U << 10;     ///< bytes of all header lines of one answer
};

/// Thread-safe. `clock` is borrowed: deadlines are on it.
std::unique_ptr<HttpClient> make_curl_client(CurlOptions options, const Clock& clock);

}  // namespace trunkform::platform
