#pragma once
// An http or https address, read once and strictly: the language, the client and the trust file cannot disagree about
// the host that a credential goes to. What two readers might read differently (credentials, backslashes and percent
// signs in the host, spaces) is refused. A strict part of RFC 3986. Immutable values; thread-safe.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform {

struct Url {
  std::string scheme;      ///< `https` or `http`
  std::string host;        ///< lower case; an IPv6 address in its brackets
  int port = 443;          ///< as written, or the scheme's
  std::string authority;   ///< host and port as written
  std::string path;        ///< without slashes at its end; empty or beginning with one
  bool has_query = false;  ///< or a fragment

  /// Without slashes at its end, and without query and fragment.
  std::string base() const { return scheme + "://" + authority + path; }
};

/// Error: invalid_input; its summary is what is wrong, `it holds credentials`.
Result<Url> parse_url(std::string_view text);

/// `localhost`, 127.0.0.0/8 and `[::1]`, as `Url::host` has them.
bool is_loopback(std::string_view host);

}  // namespace trunkform
