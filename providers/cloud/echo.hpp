#pragma once
// Servers that repeat what they were sent.
#include "schemas/ports/http_client.hpp"

namespace trunkform::cloud {

/// Puts stars where an answer that refuses repeats what the request kept secret: its words are shown to people, and
/// pages for finding mistakes, or what stands between, have headers and bodies in them. What is shorter than eight
/// bytes, or of a body that is no credential than 48, is found by chance and left: names are to stay readable.
void blank_echo(HttpResponse& answer, const HttpRequest& request);

}  // namespace trunkform::cloud
