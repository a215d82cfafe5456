#pragma once
// MailTransport over libcurl's SMTP. STARTTLS or TLS, verified, unless it is plain and on the loopback. Thread-safe.
#include <memory>

#include "providers/platform/curl/http_client.hpp"
#include "schemas/ports/mail_transport.hpp"

namespace trunkform::platform {

/// Of the options: `ca_file`, `connect_timeout`. `clock` is borrowed: deadlines are on it.
std::unique_ptr<MailTransport> make_curl_mail(CurlOptions options, const Clock& clock);

}  // namespace trunkform::platform
