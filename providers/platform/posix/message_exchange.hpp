#pragma once
// One message to a server and its answer, over a TCP connection of their own, each with its length before it: how DNS
// goes over TCP (RFC 1035 §4.2.2, RFC 7766). Thread-safe.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"
#include "schemas/ports/context.hpp"

namespace trunkform::platform {

/// `server`: `192.0.2.53:53`, `[2001:db8::53]:53`, `ns.example.com`. Each of its addresses is tried, until one takes
/// the connection. Errors: invalid_input (no such server), unavailable (no connection; torn), timeout, cancelled.
Result<std::string> exchange_message(const Context& context, const std::string& server, std::string_view message,
                                     Duration timeout);

}  // namespace trunkform::platform
