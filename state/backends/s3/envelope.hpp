#pragma once
// What every object begins with: a line with the format's number and an id of this one write. An ETag is a hash of the
// bytes, so without the id the same text would bring an old ETag back, and a condition on it would hold again. Pure.
#include <string>
#include <string_view>

#include "schemas/model/result.hpp"

namespace trunkform::state::s3 {

/// `write_id`: fresh for each write.
std::string enveloped(const std::string& write_id, std::string_view content);

/// What is behind the first line. Errors: corrupt (it has none), unsupported (of a later format); `key` for messages.
Result<std::string> content_of(const std::string& key, std::string_view bytes);

}  // namespace trunkform::state::s3
